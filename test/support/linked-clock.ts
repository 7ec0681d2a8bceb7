import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/core/clock.ts";
import type { Emulator } from "../../src/emulator/index.ts";

interface Timer {
  readonly due: number;
  readonly wake: () => void;
}

/**
 * The client's clock and the emulator's as one, moved by hand: whoever sleeps wakes when its time comes, in order, and
 * what he then does is done before time goes on.
 */
export class LinkedClock implements Clock {
  readonly #emulator: Pick<Emulator, "clock">;
  #timers: readonly Timer[] = [];

  constructor(emulator: Pick<Emulator, "clock">) {
    this.#emulator = emulator;
  }

  now(): Date {
    return new Date(this.#emulator.clock.now());
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = { due: this.now().getTime() + Math.max(0, ms), wake: resolve };
    this.#timers = [...this.#timers, timer];
    signal?.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    this.#timers = this.#timers.filter((each) => each !== timer);
  }

  /** Moves time on, stopping wherever somebody wakes. */
  async advance(ms: number): Promise<void> {
    const end = this.now().getTime() + ms;
    await settled();
    for (;;) {
      const [next] = this.#timers.toSorted((a, b) => a.due - b.due);
      if (next === undefined || next.due > end) break;
      this.#emulator.clock.advance(Math.max(0, next.due - this.now().getTime()));
      next.wake();
      await settled();
    }
    this.#emulator.clock.advance(end - this.now().getTime());
    await settled();
  }
}

/** Long enough for everything that needs no time: calls in memory among it. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await setImmediate();
}
