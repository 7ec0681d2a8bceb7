import type { LiveQueueItem } from "../queue-items/live.ts";
import { readHolder, type Holder } from "./holder.ts";

/** What the rows under a lease's reference say. */
export type LeaseState =
  /** No row that counts: nobody holds it. */
  | { readonly state: "free" }
  /** Somebody holds it; from `freeAt` (milliseconds) on he cannot have a write under way any more. */
  | { readonly state: "held"; readonly item: LiveQueueItem; readonly holder: Holder; readonly freeAt: number }
  /** Over for longer than `settle`: whoever finds it may end it. */
  | { readonly state: "over"; readonly item: LiveQueueItem; readonly holder: Holder }
  /** A robot or a person has touched it: nothing is known. */
  | { readonly state: "touched"; readonly item: LiveQueueItem; readonly why: string };

/**
 * Judges a lease by its rows. Released ones stay as deleted rows: they do not count. A queue with unique references has
 * one other row at most, retries aside, and the newest of those is the item.
 */
export function judgeLease(rows: readonly LiveQueueItem[], now: Date, settle: number): LeaseState {
  const [item] = rows.filter(({ status }) => status !== "Deleted").toSorted((a, b) => b.id - a.id);
  if (item === undefined) return { state: "free" };
  const holder = readHolder(item.content);
  if (item.status !== "New") return { state: "touched", item, why: `item ${item.id} is ${item.status}` };
  if (holder === undefined) return { state: "touched", item, why: `item ${item.id} does not say who holds it` };
  const freeAt = Date.parse(holder.until) + settle;
  return now.getTime() > freeAt ? { state: "over", item, holder } : { state: "held", item, holder, freeAt };
}
