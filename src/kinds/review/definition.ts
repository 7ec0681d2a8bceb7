import type { Change, FieldChange } from "../../core/change.ts";
import { hasPrefix, sameName } from "../../core/fold.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { KindDefinition, ResourcePlan } from "../definition.ts";
import type { Path } from "../../core/locate.ts";
import { isMissing, type Ambiguous, type Missing } from "../live.ts";
import { refused, unknownName, type Block } from "../refuse.ts";
import type { LiveReviewer, LiveReviewItem, ReviewLive, Unfit } from "./live.ts";
import type { ReviewSettings, ReviewState, ReviewTarget } from "./payload.ts";
import { plannedReview, sharesAsPlanned } from "./again.ts";
import { shareAmong } from "./share.ts";
import type { ReviewSpec, ReviewStatus } from "./spec.ts";

type Resource = DesiredResource<ReviewSpec>;
type ReviewChange = Change<ReviewState, ReviewTarget>;
type Found = LiveReviewer | Missing | Ambiguous | Unfit;

/** Who reviews which failed items, and how far the review is: two fields that never follow from each other. */
export const review: KindDefinition<ReviewSpec, ReviewLive> = {
  kind: "Review",
  /** The items that it selects: it names none. */
  entries: (_, changes) =>
    Iterator.from(changes)
      .filter(({ key }) => key.entry !== undefined)
      .toArray().length,
  again: (kept: ReviewSpec, changes) => plannedReview(kept, changes),
  plan(resource, live, context) {
    const { queue } = live;
    if (isMissing(queue)) {
      return refused(resource, `queue ${queue.missing}`, [
        unknownName("queue-unknown", "queue", queue, context.folder.path),
      ]);
    }
    const { path } = context.folder;
    const blocks = [
      ...live.reviewers.flatMap((reviewer, index) => unusable(reviewer, ["reviewers", index], path)),
      ...(live.selectedReviewer === undefined ? [] : unusable(live.selectedReviewer, ["select", "reviewer"], path)),
    ];
    if (blocks.length > 0) return refused(resource, `queue ${queue.name}`, blocks);
    const settings: ReviewSettings = { queueId: queue.id, queueName: queue.name };
    return {
      title: `queue ${queue.name}`,
      settings,
      notes: [],
      changes: assignments(resource, live),
    } satisfies ResourcePlan;
  },
};

function isKnown(reviewer: Found): reviewer is LiveReviewer {
  return "id" in reviewer;
}

function unusable(reviewer: Found, at: Path, folder: string): Block[] {
  if (isKnown(reviewer)) return [];
  if (isMissing(reviewer)) return [{ ...nobody(reviewer, folder), at }];
  if ("unfit" in reviewer) {
    const text = `${reviewer.unfit} is no person (${reviewer.type}): only people review`;
    return [{ reason: { code: "reviewer-unfit", text }, hint: "name the people, each by a user name", at }];
  }
  const text = `reviewer ${reviewer.ambiguous} may be any of ${reviewer.candidates.join(", ")}`;
  return [{ reason: { code: "reviewer-ambiguous", text }, hint: "use a user name", at }];
}

/** The server lists only who may review, so somebody without the permission looks like somebody who is not there. */
function nobody({ missing, nearest }: Missing, folder: string): Block {
  const text = `nobody who may review in folder ${folder} is called ${missing}`;
  const permission = "a reviewer needs the folder, Transactions.View and Transactions.Edit";
  return {
    reason: { code: "reviewer-unknown", text },
    hint: nearest === undefined ? permission : `did you mean ${nearest}?`,
  };
}

function assignments(resource: Resource, live: ReviewLive): ReviewChange[] {
  const { spec } = resource;
  const reviewers = live.reviewers.filter((reviewer) => isKnown(reviewer));
  const selected = live.items
    .filter((item) => matches(item, spec, live.selectedReviewer))
    .toSorted((a, b) => a.id - b.id);
  const ours = new Set(reviewers.map((reviewer) => reviewer.id));
  const foreign = (item: LiveReviewItem): boolean =>
    reviewers.length > 0 && !spec.override && item.reviewerUserId !== null && !ours.has(item.reviewerUserId);
  const mine = selected.filter((item) => !foreign(item));
  const shares =
    spec.shares === undefined
      ? shareAmong(
          mine,
          reviewers.map((reviewer) => reviewer.id),
        )
      : sharesAsPlanned(mine, spec.shares, ours);
  if (selected.length === 0) return [inLine(resource, resource.key, "", "no item matches", "equal")];
  return selected.map((item) => {
    if (foreign(item)) {
      const text = `stays with ${nameOf(item.reviewerUserId, live)} (override is off)`;
      return inLine(resource, entryKey(resource, item), itemLabel(item), text, "foreign-reviewer");
    }
    return assign(resource, item, wanted(item, spec, shares, live), live);
  });
}

/** What the manifest wants for one item, reduced to what differs. */
function wanted(
  item: LiveReviewItem,
  spec: ReviewSpec,
  shares: ReadonlyMap<number, number>,
  live: ReviewLive,
): ReviewTarget {
  const id = shares.get(item.id);
  const reviewer =
    spec.unassign && item.reviewerUserId !== null
      ? { reviewer: null }
      : id !== undefined && id !== item.reviewerUserId
        ? { reviewer: { id, name: nameOf(id, live) } }
        : {};
  const status =
    spec.reviewStatus !== undefined && spec.reviewStatus !== item.reviewStatus
      ? { reviewStatus: spec.reviewStatus }
      : {};
  return { ...reviewer, ...status };
}

function assign(resource: Resource, item: LiveReviewItem, after: ReviewTarget, live: ReviewLive): ReviewChange {
  const key = entryKey(resource, item);
  const before: ReviewState = {
    id: item.id,
    reference: item.reference,
    reviewer:
      item.reviewerUserId === null ? null : { id: item.reviewerUserId, name: nameOf(item.reviewerUserId, live) },
    reviewStatus: item.reviewStatus as ReviewStatus,
    rowVersion: item.rowVersion,
  };
  const fields: (FieldChange & { readonly before: string; readonly after: string })[] = [];
  if (after.reviewer !== undefined) {
    fields.push({ path: "reviewer", before: before.reviewer?.name ?? "none", after: after.reviewer?.name ?? "none" });
  }
  if (after.reviewStatus !== undefined) {
    fields.push({ path: "reviewStatus", before: before.reviewStatus, after: after.reviewStatus });
  }
  if (fields.length === 0) return inLine(resource, key, itemLabel(item), "in line", "already-reviewed");
  return {
    action: "assign",
    key,
    label: itemLabel(item),
    summary: fields.map((field) => `${field.before} → ${field.after}`).join(", "),
    reason: { code: "selected", text: "the selection matches it" },
    before,
    after,
    fields,
    precondition: { type: "version", id: item.id, rowVersion: item.rowVersion },
    source: resource.source,
  };
}

/** Only failed and abandoned items are reviewed, and never one that was retried already. */
function matches(item: LiveReviewItem, spec: ReviewSpec, reviewer: Found | undefined): boolean {
  const { select } = spec;
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
    matchesReviewer(item, select.reviewer, reviewer)
  );
}

function matchesReviewer(item: LiveReviewItem, wantedReviewer: string | undefined, found: Found | undefined): boolean {
  switch (wantedReviewer) {
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

function entryKey(resource: Resource, item: LiveReviewItem): ReviewChange["key"] {
  return { ...resource.key, entry: String(item.id) };
}

function itemLabel(item: LiveReviewItem): string {
  return item.reference === null || item.reference === "" ? `item ${item.id}` : `${item.reference} (${item.id})`;
}

function nameOf(id: number | null, live: ReviewLive): string {
  return id === null ? "none" : (live.names.get(id) ?? `user ${id}`);
}

function inLine(
  resource: Resource,
  key: ReviewChange["key"],
  label: string,
  text: string,
  code: "equal" | "already-reviewed" | "foreign-reviewer",
): ReviewChange {
  return { action: "no-op", key, label, summary: text, reason: { code, text }, source: resource.source };
}
