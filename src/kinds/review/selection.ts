import { hasPrefix, sameName } from "../../core/fold.ts";
import type { Ambiguous, Missing } from "../live.ts";
import type { LiveReviewer, LiveReviewItem, Unfit } from "./live.ts";
import type { ReviewSpec } from "./spec.ts";

/** Whom the tenant knows by a name of the manifest. */
export type FoundReviewer = LiveReviewer | Missing | Ambiguous | Unfit;

export function isKnown(reviewer: FoundReviewer): reviewer is LiveReviewer {
  return "id" in reviewer;
}

/**
 * True when the selection holds for the item. Only failed and abandoned items are reviewed, and never one that was
 * retried already: its review status is `Retried`, which no manifest can name. `reviewer`: whom `select.reviewer` names.
 */
export function isSelected(
  item: LiveReviewItem,
  select: ReviewSpec["select"],
  reviewer: FoundReviewer | undefined,
): boolean {
  return (
    select.status.some((status) => status === item.status) &&
    select.reviewStatus.some((status) => status === item.reviewStatus) &&
    (select.exceptionType === undefined || select.exceptionType === item.exceptionType) &&
    (select.exceptionText === undefined || contains(item.exceptionReason, select.exceptionText)) &&
    (select.references === undefined ||
      select.references.some((reference) => sameName(reference, item.reference ?? ""))) &&
    (select.referencePrefix === undefined || hasPrefix(item.reference ?? "", select.referencePrefix)) &&
    (select.ids === undefined || select.ids.includes(item.id)) &&
    (select.robot === undefined || sameName(select.robot, item.robotName ?? "")) &&
    (select.failedAfter === undefined || Date.parse(item.endProcessing ?? "") > Date.parse(select.failedAfter)) &&
    holdsReviewer(item, select.reviewer, reviewer)
  );
}

function holdsReviewer(item: LiveReviewItem, wanted: string | undefined, found: FoundReviewer | undefined): boolean {
  switch (wanted) {
    case undefined:
      return true;
    case "none":
      return item.reviewerUserId === null;
    case "any":
      return item.reviewerUserId !== null;
    default:
      return found !== undefined && isKnown(found) && found.id === item.reviewerUserId;
  }
}

function contains(text: string | null | undefined, part: string): boolean {
  return text?.toLowerCase().includes(part.toLowerCase()) ?? false;
}
