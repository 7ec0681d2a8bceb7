import type { Clock } from "../../core/clock.ts";
import type { Waits } from "./waits.ts";

const window = 60_000;

/**
 * Spreads list calls: cloud tenants allow 100 a minute each for Jobs and QueueItems, for all callers together (rate
 * limits, API guide). Waiting here is cheaper than being sent away.
 */
export class ListPace {
  readonly #perMinute: number | undefined;
  readonly #clock: Clock;
  readonly #waits: Waits;
  readonly #sent = new Map<string, number[]>();

  constructor(perMinute: number | undefined, clock: Clock, waits: Waits) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#waits = waits;
  }

  /** Resolves when one more call to the collection fits, or when the signal aborts. */
  async wait(collection: string, signal: AbortSignal): Promise<void> {
    const perMinute = this.#perMinute;
    if (perMinute === undefined) return;
    const sent = this.#sent.get(collection) ?? [];
    this.#sent.set(collection, sent);
    while (!signal.aborted) {
      const now = this.#clock.now().getTime();
      while (sent[0] !== undefined && sent[0] <= now - window) sent.shift();
      if (sent.length < perMinute) {
        sent.push(now);
        return;
      }
      await this.#waits.wait((sent[0] ?? now) + window - now, { reason: "quota", perMinute }, signal);
    }
  }
}
