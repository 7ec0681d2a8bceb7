/** At most `size` tasks at a time, first come, first served. */
export class Pool {
  readonly #size: number;
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** True when what comes now has to wait for its turn. */
  get isFull(): boolean {
    return this.#running >= this.#size;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  /** For a task within `run` that only waits: others have its place meanwhile. */
  async outside<T>(wait: () => Promise<T>): Promise<T> {
    this.#leave();
    try {
      return await wait();
    } finally {
      await this.#enter();
    }
  }

  async #enter(): Promise<void> {
    if (this.isFull) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#running++;
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#running--;
    else next(); // hands its place on
  }
}

/** One pool of one for each name: tasks of a lane go one after the other, lanes side by side. */
export class Lanes {
  readonly #lanes = new Map<string, Pool>();

  run<T>(lane: string | undefined, task: () => Promise<T>): Promise<T> {
    if (lane === undefined) return task();
    const pool = this.#lanes.get(lane) ?? new Pool(1);
    this.#lanes.set(lane, pool);
    return pool.run(task);
  }
}
