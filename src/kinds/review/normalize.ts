import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Locate } from "../../core/locate.ts";
import type { ReviewManifest } from "../generated/review.ts";
import { utc, type Normalized } from "../normalized.ts";
import type { ReviewSpec } from "./spec.ts";

type RawSpec = ReviewManifest["spec"];

/** Fills in defaults; empty lists of references or ids select like lists that are left out. */
export function normalizeReview(raw: RawSpec, at: Locate): Normalized<ReviewSpec> {
  const spec: ReviewSpec = {
    queue: raw.queue,
    select: normalizeSelection(raw.select ?? {}),
    reviewers: raw.reviewers ?? [],
    unassign: raw.unassign ?? false,
    override: raw.override ?? false,
    ...(raw.reviewStatus === undefined ? {} : { reviewStatus: raw.reviewStatus }),
    ...(raw.comment === undefined ? {} : { comment: raw.comment }),
  };
  return { spec, diagnostics: effectProblems(spec, at) };
}

function normalizeSelection(raw: NonNullable<RawSpec["select"]>): ReviewSpec["select"] {
  const {
    exceptionType,
    exceptionText,
    references = [],
    referencePrefix,
    ids = [],
    robot,
    failedAfter,
    reviewer,
  } = raw;
  return {
    status: raw.status ?? ["Failed", "Abandoned"],
    reviewStatus: raw.reviewStatus ?? ["None", "InReview", "Verified"],
    ...(exceptionType === undefined ? {} : { exceptionType }),
    ...(exceptionText === undefined ? {} : { exceptionText }),
    ...(references.length === 0 ? {} : { references }),
    ...(referencePrefix === undefined ? {} : { referencePrefix }),
    ...(ids.length === 0 ? {} : { ids }),
    ...(robot === undefined ? {} : { robot }),
    ...(failedAfter === undefined ? {} : { failedAfter: utc(failedAfter) }),
    ...(reviewer === undefined ? {} : { reviewer }),
  };
}

function effectProblems(spec: ReviewSpec, at: Locate): Diagnostic[] {
  if (spec.unassign && spec.reviewers.length > 0) {
    const message = "reviewers and unassign exclude each other";
    return [{ code: "RV002", severity: "error", message, source: at(["unassign"], "entry") }];
  }
  if (spec.unassign || spec.reviewers.length > 0 || spec.reviewStatus !== undefined || spec.comment !== undefined) {
    return [];
  }
  const message = "the review sets nothing: reviewers, unassign: true, reviewStatus or comment is missing";
  return [{ code: "RV001", severity: "error", message, source: at([], "key") }];
}
