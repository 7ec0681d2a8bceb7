import type { DurableFile, DurableFolder } from "../../src/core/durable.ts";

/** A folder in memory. A crash drops what was not synced, and frees every lock. */
export class MemoryFolder implements DurableFolder {
  readonly #synced = new Map<string, string>();
  readonly #written = new Map<string, string>();
  readonly #locks = new Set<string>();
  /** What every write rejects with, while it is set. */
  failure: string | undefined;
  /** How much of a line gets to the disk all the same, while writes are rejected. */
  torn = 0;
  /** How often anything was synced. */
  syncs = 0;

  text(name: string): string | undefined {
    return this.#written.get(name);
  }

  /** The process is gone, what it wrote is still there. */
  kill(): void {
    this.#locks.clear();
  }

  /** The power is gone. */
  crash(): void {
    this.#written.clear();
    for (const [name, text] of this.#synced) this.#written.set(name, text);
    this.#locks.clear();
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.#written.keys()]);
  }

  lines(name: string): Promise<AsyncIterable<string> | undefined> {
    const text = this.#written.get(name);
    if (text === undefined) return Promise.resolve(undefined);
    const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
    return Promise.resolve(
      (async function* (): AsyncGenerator<string, void> {
        for (const line of lines.split("\n")) yield await Promise.resolve(line);
      })(),
    );
  }

  async create(name: string): Promise<DurableFile> {
    await this.#check();
    if (this.#written.has(name)) throw Object.assign(new Error("EEXIST"), { code: "EEXIST" });
    this.#written.set(name, "");
    this.#synced.set(name, "");
    return this.#file(name);
  }

  async open(name: string): Promise<DurableFile> {
    await this.#check();
    if (!this.#written.has(name)) throw Object.assign(new Error("ENOENT"), { code: "ENOENT" });
    return this.#file(name);
  }

  remove(name: string): Promise<void> {
    this.#written.delete(name);
    this.#synced.delete(name);
    return Promise.resolve();
  }

  async lock(name: string): ReturnType<DurableFolder["lock"]> {
    await this.#check();
    if (this.#locks.has(name)) return undefined;
    this.#locks.add(name);
    return { release: () => Promise.resolve(void this.#locks.delete(name)) };
  }

  #file(name: string): DurableFile {
    return {
      append: async (text) => {
        if (this.failure !== undefined)
          this.#written.set(name, `${this.#written.get(name)}${text.slice(0, this.torn)}`);
        await this.#check();
        this.#written.set(name, (this.#written.get(name) ?? "") + text);
      },
      sync: async () => {
        await this.#check();
        this.syncs++;
        this.#synced.set(name, this.#written.get(name) ?? "");
      },
      close: () => Promise.resolve(),
    };
  }

  async #check(): Promise<void> {
    await Promise.resolve();
    if (this.failure !== undefined) throw Object.assign(new Error(this.failure), { code: this.failure });
  }
}
