import type { Change, FieldChange } from "../../core/change.ts";
import type { DesiredResource } from "../../core/resource.ts";
import { isOwn, reviewedItemName } from "../../core/shard-of.ts";
import type { KindDefinition, ResourcePlan } from "../definition.ts";
import type { Path } from "../../core/locate.ts";
import { isMissing, type Missing } from "../live.ts";
import { refused, unknownName, type Block } from "../refuse.ts";
import { doubledText, saying } from "./comment.ts";
import type { LiveReviewItem, ReviewLive } from "./live.ts";
import type { ReviewSettings, ReviewState, ReviewTarget } from "./payload.ts";
import { plannedReview, sharesAsPlanned } from "./again.ts";
import { isKnown, isSelected, type FoundReviewer } from "./selection.ts";
import { shareAmong } from "./share.ts";
import type { ReviewSpec, ReviewStatus } from "./spec.ts";

type Resource = DesiredResource<ReviewSpec>;
type ReviewChange = Change<ReviewState, ReviewTarget>;

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
      notes: priceOfMatching(live, resource.spec),
      changes: assignments(resource, live),
    } satisfies ResourcePlan;
  },
};

/** What a selection costs that the server was not asked to narrow. */
function priceOfMatching({ read, items, selectedReviewer }: ReviewLive, { select }: ReviewSpec): string[] {
  if (read === undefined || read.matchedHere.length === 0) return [];
  const selected = items.filter((item) => isSelected(item, select, selectedReviewer)).length;
  if (selected === read.rows) return [];
  const [rows, calls] = [read.rows.toLocaleString("en"), read.calls.toLocaleString("en")];
  const found = `${selected.toLocaleString("en")} of ${rows} failed items read in ${calls} ${read.calls === 1 ? "call" : "calls"}`;
  return [`${found}: ${read.matchedHere.join(", ")} is matched here, not by the server`];
}

function unusable(reviewer: FoundReviewer, at: Path, folder: string): Block[] {
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
    .filter((item) => isSelected(item, spec.select, live.selectedReviewer))
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
  // Shared out among all that match, as without shards; then each shard assigns its own.
  const own = selected.filter(({ id }) => isOwn(resource.part?.shard, reviewedItemName(id)));
  if (own.length === 0) return [inLine(resource, resource.key, "", "no item matches", "equal")];
  return own.map((item) => {
    if (foreign(item)) {
      const text = `stays with ${nameOf(item.reviewerUserId, live)} (override is off)`;
      return inLine(resource, entryKey(resource, item), itemLabel(item), text, "foreign-reviewer");
    }
    return withDoubles(assign(resource, item, wanted(item, spec, shares, live), live), item, resource, live);
  });
}

/** What an assumption that failed has left behind: nothing on the server refuses a second comment. */
function withDoubles(change: ReviewChange, { id }: LiveReviewItem, { spec }: Resource, live: ReviewLive): ReviewChange {
  if (spec.comment === undefined) return change;
  const doubled = doubledText(saying(spec.comment, live.comments?.get(id)));
  return doubled === undefined ? change : { ...change, warnings: [doubled] };
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
  const comment =
    spec.comment !== undefined && saying(spec.comment, live.comments?.get(item.id)).length === 0
      ? { comment: spec.comment }
      : {};
  return { ...reviewer, ...status, ...comment };
}

/** As much of a text as a line has room for; reports have all of it. */
function shortened(text: string): string {
  const [line = ""] = text.trim().split(/[\r\n]/);
  return line.length > 40 || line !== text.trim() ? `${line.slice(0, 39)}…` : line;
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
  const fields: FieldChange[] = [];
  const words: string[] = [];
  const note = (path: string, was: string, is: string): void => {
    fields.push({ path, before: was, after: is });
    words.push(`${was} → ${is}`);
  };
  if (after.reviewer !== undefined) {
    note("reviewer", before.reviewer?.name ?? "none", after.reviewer?.name ?? "none");
  }
  if (after.reviewStatus !== undefined) {
    note("reviewStatus", before.reviewStatus, after.reviewStatus);
  }
  if (after.comment !== undefined) {
    fields.push({ path: "comment", after: after.comment });
    words.push(`comment "${shortened(after.comment)}"`);
  }
  if (fields.length === 0) return inLine(resource, key, itemLabel(item), "in line", "already-reviewed");
  return {
    action: "assign",
    key,
    label: itemLabel(item),
    summary: words.join(", "),
    reason: { code: "selected", text: "the selection matches it" },
    before,
    after,
    fields,
    precondition: { type: "version", id: item.id, rowVersion: item.rowVersion },
    source: resource.source,
  };
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
