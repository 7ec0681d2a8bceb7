import type { Clock } from "../../src/core/clock.ts";
import type { Emulator } from "../../src/emulator/index.ts";
import type { Random } from "./random.ts";
import { clockOf, type VirtualTime } from "./virtual-time.ts";

/** A call that has arrived at the server, in the order of arrival: what the server itself cannot know. */
interface ArrivedCall {
  /** Whose it was: `apply 1`, `robot`. */
  readonly by: string;
  /** In milliseconds, by the machine's clock. */
  readonly sentAt: number;
  /** True once its whole answer was heard. */
  heard: boolean;
}

/** When a machine is killed: when it has waited so often, or soon after so many writes have left it. */
export interface Death {
  readonly waits?: number;
  readonly writes?: number;
}

/** What all machines share. */
export interface World {
  readonly time: VirtualTime;
  readonly emulator: Emulator;
  readonly random: Random;
  readonly arrived: ArrivedCall[];
  readonly log: (line: string) => void;
}

/**
 * Where one command runs. It can be killed at any moment at which it waits: from then on nothing that it waited for
 * comes back, and what it had sent goes on without it.
 */
export class Machine {
  readonly name: string;
  readonly clock: Clock;
  /** Resolves when it is killed. */
  readonly killed: Promise<"killed">;
  readonly #world: World;
  readonly #killed = Promise.withResolvers<"killed">();
  /** Calls under way. Their requests are held, or their signals would be lost whenever garbage is collected. */
  readonly #open = new Map<AbortController, readonly unknown[]>();
  #lives = true;
  #waits: number;
  #writes: number;

  constructor(name: string, world: World, { waits = -1, writes = -1 }: Death = {}) {
    this.name = name;
    this.#world = world;
    this.#waits = waits;
    this.#writes = writes;
    this.killed = this.#killed.promise;
    const clock = clockOf(world.time, () => this.#lives);
    this.clock = {
      now: () => clock.now(),
      sleep: async (wait, signal) => {
        this.waits(wait);
        return clock.sleep(wait, signal);
      },
    };
  }

  get lives(): boolean {
    return this.#lives;
  }

  /** It begins to wait: perhaps for the last time. */
  waits(upTo: number): void {
    if (this.#lives && this.#waits-- === 0) this.#die(upTo);
  }

  #die(upTo: number): void {
    this.#world.time.after(this.#world.random.int(0, Math.min(400, upTo + 1)), () => this.kill());
  }

  kill(): void {
    if (!this.#lives) return;
    this.#lives = false;
    this.#world.log(`${this.name} is killed`);
    for (const call of this.#open.keys()) call.abort();
    this.#killed.resolve("killed");
  }

  /** Whatever the work awaits, unless it is killed before. */
  async run<T>(work: () => Promise<T>): Promise<T | "killed"> {
    return Promise.race([work(), this.killed]);
  }

  /** Comes back as the promise does, while the machine lives. */
  async hold<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#lives && resolve(value),
        (error: unknown) => this.#lives && reject(error as Error),
      );
    });
  }

  /** A network between the machine and the server: each way takes its time, and what was sent may arrive all the same. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { random } = this.#world;
    this.waits(300);
    if (request.method !== "GET" && request.url.includes("/odata/") && this.#writes-- === 0) this.#die(80);
    const body = request.body === null ? undefined : await request.text();
    return this.hold(this.#exchange(request, input, body, random.int(1, 120), random.int(1, 120)));
  };

  async #exchange(
    request: Request,
    given: unknown,
    body: string | undefined,
    there: number,
    back: number,
  ): Promise<Response> {
    const { time, random, log } = this.#world;
    const call = new AbortController();
    this.#open.set(call, [request, given]);
    const { method, url, headers, signal } = request;
    const gone = Promise.withResolvers<never>();
    const leave = (): void => {
      call.abort(signal.reason);
      gone.reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    const sentAt = time.now;
    const path = new URL(url).pathname.replace(/^.*(?=\/(?:odata|api|identity_?)\/)/, "");
    const travel = async (): Promise<Response> => {
      await time.sleep(there);
      // What was on its way when the client gave up is lost, or arrives all the same, or later: not so late that with
      // what the server takes for it (faults.ts) it is done after settle, which only `breaking` faults may do.
      if (call.signal.aborted) {
        if (random.chance(0.3)) throw new TypeError("fetch failed");
        if (random.chance(0.5)) await time.sleep(random.int(0, 30_000));
      }
      const at = { by: this.name, sentAt, heard: false };
      this.#world.arrived.push(at);
      const number = this.#world.arrived.length;
      log(`${this.name} #${number} ${method} ${path}`);
      const status = await this.#answerTo(
        url,
        { method, headers, ...(body === undefined ? {} : { body }) },
        call.signal,
      );
      log(`#${number} ${"error" in status ? "no answer" : status.response.status}`);
      await time.sleep(back);
      if ("error" in status) throw status.error;
      at.heard = this.#lives && !signal.aborted;
      return status.response;
    };
    try {
      return await Promise.race([travel(), gone.promise]);
    } finally {
      signal.removeEventListener("abort", leave);
      this.#open.delete(call);
    }
  }

  /** The whole answer, or what `fetch` would reject with. */
  async #answerTo(
    url: string,
    sent: RequestInit,
    signal: AbortSignal,
  ): Promise<{ readonly response: Response } | { readonly error: unknown }> {
    const { time, emulator } = this.#world;
    const leaving = new AbortController();
    if (signal.aborted) time.after(1, () => leaving.abort());
    else signal.addEventListener("abort", () => leaving.abort(), { once: true });
    try {
      const response = await emulator.fetch(url, { ...sent, signal: leaving.signal });
      const text = await response.text();
      const { status, headers } = response;
      return { response: new Response(text === "" ? null : text, { status, headers }) };
    } catch (error) {
      return { error };
    }
  }
}
