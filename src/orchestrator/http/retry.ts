import { isLasting } from "./connection.ts";
import type { Exchange } from "./exchange.ts";

/** How often and how long to wait for a server that asks for patience. */

/** Sends of one call at most, the first included. */
const attempts = 4;
/** A longer wait than this is not a pause but an outage: the caller decides. */
const longestWait = 120_000;
const firstBackoff = 500;
const longestBackoff = 30_000;

/** Statuses of a read that may well be over in a moment. */
const transientStatuses: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** True when a read, or a call for a token, may well succeed when it is sent again. */
export function isTransient(exchange: Exchange): boolean {
  if (exchange.type === "reply") return transientStatuses.has(exchange.status);
  return exchange.reason !== "cancelled" && !isLasting(exchange.error);
}

/** `Retry-After` (RFC 9110 §10.2.3) in milliseconds: seconds, or a date seen from `now`. */
export function retryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** 0.5 s, 1 s, 2 s … a quarter up or down, so that parallel callers do not come back together. */
function backoff(attempt: number, random: () => number): number {
  const base = Math.min(longestBackoff, firstBackoff * 2 ** (attempt - 1));
  return Math.round(base * (0.75 + random() / 2));
}

/** The wait before the next attempt, or undefined when there is none. */
export function pause(attempt: number, asked: number | undefined, random: () => number): number | undefined {
  if (attempt >= attempts) return undefined;
  // Jitter on top of what was asked: coming back too early counts as one more call.
  const wait = asked === undefined ? backoff(attempt, random) : asked + Math.round(random() * 250);
  return wait > longestWait ? undefined : wait;
}
