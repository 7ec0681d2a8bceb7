import type { FullReply } from "./replies.ts";

const window = 60_000;

/** The list calls that a tenant may make in any minute, of each limited entity set (rate limits, July 2024). */
export class ListQuota {
  readonly #perMinute: number | undefined;
  readonly #calls = new Map<string, number[]>();

  constructor(perMinute: number | undefined) {
    this.#perMinute = perMinute;
  }

  /**
   * Counts a call; a refusal where it is one too many. What is refused does not count: it was not handled. No source
   * shows the answer of a real server, so the body says as little as it can.
   */
  take(set: string, now: number): FullReply | undefined {
    if (this.#perMinute === undefined) return undefined;
    const calls = (this.#calls.get(set) ?? []).filter((time) => time > now - window);
    this.#calls.set(set, calls);
    if (calls.length < this.#perMinute) {
      calls.push(now);
      return undefined;
    }
    const wait = (calls[0] ?? now) + window - now;
    return {
      status: 429,
      headers: { "retry-after": String(Math.max(1, Math.ceil(wait / 1000))) },
      body: { message: "Too many requests.", errorCode: 0 },
    };
  }

  clear(): void {
    this.#calls.clear();
  }
}
