import type { Change } from "../../core/change.ts";
import { isRecord } from "../../core/json.ts";
import type { Assignable } from "./share.ts";
import type { ReviewSpec } from "./spec.ts";

/**
 * The spec of exactly the items that were planned, each for the reviewer whom the plan gives it: what came to match
 * since then must not move their shares. Undefined where a change is none that this kind makes.
 */
export function plannedReview(kept: ReviewSpec, changes: Iterable<Change>): ReviewSpec | undefined {
  const ids: number[] = [];
  const shares: Record<string, number> = {};
  for (const change of changes) {
    const id = Number(change.key.entry);
    if (change.action !== "assign" || !isRecord(change.after) || !Number.isSafeInteger(id)) return undefined;
    ids.push(id);
    const { reviewer } = change.after;
    if (isRecord(reviewer) && typeof reviewer["id"] === "number") shares[id] = reviewer["id"];
  }
  return { ...kept, select: { ...kept.select, ids }, shares };
}

/** As a plan has shared them, apart from those that one of the reviewers has taken since: he keeps them. */
export function sharesAsPlanned(
  items: readonly Assignable[],
  shares: Readonly<Record<string, number>>,
  reviewers: ReadonlySet<number>,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { id, reviewerUserId } of items) {
    const planned = shares[String(id)];
    if (reviewerUserId !== null && reviewers.has(reviewerUserId)) found.set(id, reviewerUserId);
    else if (planned !== undefined) found.set(id, planned);
  }
  return found;
}
