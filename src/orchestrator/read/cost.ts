/**
 * What reads of queue items cost, in calls. Calls are the cost: cloud tenants give 100 lists of queue items a minute,
 * to all callers together (rate limits, API guide).
 */

/** Below this, no other way can save more than the call that finds out about it. */
const worthProbing = 3;

/** True when a sweep may save more than it costs to look how long it would be. */
export function isWorthProbing(instead: number): boolean {
  return instead >= worthProbing;
}

/**
 * How many sweeps may be begun in vain: what they cost stays within 1 % of the look-ups, and two calls. A part of the
 * references that merely differs in one letter from the others is as long as they are, more often than not: it is not
 * worth more than two.
 */
export function probesAllowed(lookups: number, isCluster: boolean): number {
  return 2 + (isCluster ? Math.floor(lookups / 100) : 0);
}

/** Calls that page through rows whose number the server has told: a full last page is followed by an empty one. */
export function countedSweep(rows: number, page: number): number {
  return Math.floor(rows / page) + 1;
}

/** The same where nothing tells which page is the last: an empty one ends it. */
export function uncountedSweep(rows: number, page: number): number {
  return Math.ceil(rows / page) + 1;
}

/** A sweep on its way. */
export interface SweepState {
  /** Pages read. */
  readonly pages: number;
  /** Rows on the last of them. */
  readonly rows: number;
  /** Rows asked for at once. */
  readonly page: number;
  /** Rows in all, as the first page's answer said. */
  readonly count?: number | undefined;
  /** Rows in all at most, as far as statistics tell. */
  readonly estimate?: number | undefined;
  /** Calls that the other way takes. */
  readonly instead: number;
}

/**
 * Whether going on with a sweep is cheaper than the other way. A count decides exactly. Without one a short page has at
 * most a page or so behind it; statistics decide next; and where nothing is known a sweep gets as many calls as the
 * other way would cost, so that a wrong guess costs twice the best at most.
 */
export function isSweepCheaper({ pages, rows, page, count, estimate, instead }: SweepState): boolean {
  if (count !== undefined) return countedSweep(count, page) - pages <= instead;
  if (rows < page) return true;
  if (estimate !== undefined && uncountedSweep(estimate, page) - pages <= instead) return true;
  return pages < instead;
}

/** The least that reading can cost, names aside: what `npm run bench:calls` measures against. */
export function lowerBound(facts: {
  readonly references: number;
  /** References that one look-up can name, by the server's limits. */
  readonly perLookup: number;
  /** Rows of the queue. */
  readonly rows: number;
  /** Rows under what all references begin with: all rows where they share nothing. */
  readonly prefixRows: number;
  readonly page: number;
}): number {
  const { references, perLookup, rows, prefixRows, page } = facts;
  const lookups = Math.ceil(references / perLookup);
  const sweep = uncountedSweep(Math.min(rows, prefixRows), page);
  return Math.min(lookups, sweep);
}

/**
 * References for the next look-up, at most. Rows of retries come along: where look-ups give more rows than fit on a
 * page, shorter ones that do fit cost less. Where two rows a reference are usual, pages fill up anyway.
 */
export function lookupSize(seen: { readonly references: number; readonly rows: number }, page: number): number {
  if (seen.references === 0) return page;
  const perReference = seen.rows / seen.references;
  if (perReference <= 1 || perReference >= 2) return page;
  return Math.max(1, Math.floor((0.97 * page) / perReference));
}
