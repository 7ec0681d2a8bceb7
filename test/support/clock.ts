import type { Clock } from "../../src/core/clock.ts";

/** A clock on which waiting takes no time: a sleep moves it on at once. */
export class SkippingClock implements Clock {
  #now: number;
  readonly slept: number[] = [];

  constructor(start = "2026-11-21T12:00:00Z") {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await Promise.resolve();
    if (signal?.aborted === true) return;
    this.slept.push(ms);
    this.#now += Math.max(0, ms);
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
