import type { LiveReviewItem } from "./live.ts";
import { isSelected, type FoundReviewer } from "./selection.ts";
import type { ReviewSpec } from "./spec.ts";

/** A review as others that name its queue meet it. */
export interface Rival {
  readonly spec: ReviewSpec;
  /** The ids of `spec.reviewers`. */
  readonly reviewers: readonly number[];
  /** Whom `select.reviewer` names. */
  readonly selectedReviewer?: FoundReviewer;
}

/** What one of the rivals, by its place among them, makes of an item. */
export interface Turn {
  readonly by: number;
  readonly reviewer?: number | null;
  readonly reviewStatus?: ReviewSpec["reviewStatus"];
}

/**
 * The changes by which reviews would bring an item back to where it is, one apply after the other: each plan of them
 * looks harmless, and there is always one more. Empty where that cannot happen. What two of them change at once needs no
 * look: such a plan is refused anyway.
 */
export function turnsOf(item: LiveReviewItem, rivals: readonly Rival[]): readonly Turn[] {
  const home = stateOf(item);
  const seen = new Set([home]);
  const search = (from: LiveReviewItem): readonly Turn[] => {
    const changing = rivals.flatMap((rival, by) => {
      const ends = endsOf(from, rival);
      return ends.length === 0 ? [] : [{ by, ends }];
    });
    const [only] = changing;
    if (only === undefined || changing.length > 1) return [];
    for (const end of only.ends) {
      const turn = { by: only.by, ...difference(from, end) };
      if (stateOf(end) === home) return [turn];
      if (seen.has(stateOf(end))) continue;
      seen.add(stateOf(end));
      const rest = search(end);
      if (rest.length > 0) return [turn, ...rest];
    }
    return [];
  };
  return search(item);
}

/** The item as a review may leave it: one for each reviewer who may get it, none where it changes nothing. */
function endsOf(item: LiveReviewItem, { spec, reviewers, selectedReviewer }: Rival): LiveReviewItem[] {
  if (!isSelected(item, spec.select, selectedReviewer)) return [];
  const { reviewerUserId: holder } = item;
  const isKept = reviewers.length === 0 || (holder !== null && reviewers.includes(holder));
  if (!isKept && holder !== null && !spec.override) return [];
  const holders = spec.unassign ? [null] : isKept ? [holder] : reviewers;
  const { reviewStatus = item.reviewStatus } = spec;
  return holders
    .map((reviewerUserId) => Object.assign({}, item, { reviewerUserId, reviewStatus }))
    .filter((end) => stateOf(end) !== stateOf(item));
}

/** What reviews change of an item and select it by. */
function stateOf({ reviewerUserId, reviewStatus }: LiveReviewItem): string {
  return JSON.stringify([reviewerUserId, reviewStatus]);
}

function difference(from: LiveReviewItem, to: LiveReviewItem): Omit<Turn, "by"> {
  return {
    ...(from.reviewerUserId === to.reviewerUserId ? {} : { reviewer: to.reviewerUserId }),
    // What a review sets is never `Retried`.
    ...(from.reviewStatus === to.reviewStatus ? {} : { reviewStatus: to.reviewStatus as Turn["reviewStatus"] }),
  };
}
