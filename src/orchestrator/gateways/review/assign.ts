import type { Change } from "../../../core/change.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { ReviewState, ReviewTarget } from "../../../kinds/review/payload.ts";
import { toReviewItem } from "../../read/queue-item-row.ts";
import type { QueuePlace } from "../../read/queue-items.ts";
import type { Row } from "../../read/row.ts";
import type { TenantReader } from "../../read/tenant.ts";
import { answered, changed } from "../answers.ts";
import type { Operation } from "../port.ts";
import { sendVersioned, withFound, type Verdict, type Versioned } from "../versioned.ts";

const service = "/odata/QueueItems/UiPathODataSvc";

/** Sets one side of a review: the reviewer, or the status. */
interface Step {
  readonly name: "SetItemReviewer" | "UnsetItemReviewer" | "SetItemReviewStatus";
  /** What the body holds besides the items. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly isDone: (change: Change, row: Row) => boolean;
  /** Why the item is no longer the one that the plan saw, as far as this step cares. */
  readonly whyOther: (change: Change, row: Row) => string | undefined;
  readonly note: string;
}

/** What the operations of one resource share. */
export interface Reviewing {
  readonly place: QueuePlace;
  readonly reader: TenantReader;
  /** Items that a call of ours may have given another RowVersion. */
  readonly moved: Set<number>;
  /** Items whose reviewer a call of ours has set. */
  readonly assigned: Set<number>;
  /** A write about these was open, and what it wanted was there: whose doing that was, no row tells. */
  readonly readBack: Set<number>;
}

export function setReviewer(changes: readonly Change[], userId: number | null, reviewing: Reviewing): Operation {
  return operation(changes, reviewing, {
    name: userId === null ? "UnsetItemReviewer" : "SetItemReviewer",
    extra: userId === null ? {} : { userId },
    isDone: (_, row) => toReviewItem(row).reviewerUserId === userId,
    whyOther: (change, row) => {
      const before = beforeOf(change).reviewer?.id ?? null;
      return toReviewItem(row).reviewerUserId === before ? undefined : "it has another reviewer";
    },
    note: userId === null ? "reviewer removed" : "reviewer set",
  });
}

export function setStatus(changes: readonly Change[], status: string, reviewing: Reviewing): Operation {
  return operation(changes, reviewing, {
    name: "SetItemReviewStatus",
    extra: { status },
    isDone: (_, row) => toReviewItem(row).reviewStatus === status,
    whyOther: (change, row) => {
      const now = toReviewItem(row).reviewStatus;
      const before = beforeOf(change).reviewStatus;
      // Setting a reviewer may begin the review; the sources disagree whether it does.
      const begun = now === "InReview" && before === "None" && reviewing.assigned.has(beforeOf(change).id);
      return now === before || begun ? undefined : `review status is ${now}`;
    },
    note: "review status set",
  });
}

export function beforeOf(change: Change): ReviewState {
  return (change as Extract<Change, { readonly action: "assign" | "update" }>).before as ReviewState;
}

export function afterOf(change: Change): ReviewTarget {
  return (change as Extract<Change, { readonly action: "assign" | "update" }>).after as ReviewTarget;
}

function operation(changes: readonly Change[], reviewing: Reviewing, step: Step): Operation {
  const { place, reader, moved } = reviewing;
  const settled = new Map<Change, Ending>();
  const path = `${service}.${step.name}`;
  return {
    name: step.name,
    changes,
    repeat: "free",
    divisible: true,
    send: async (some, signal, sending) => {
      const pending = some.filter((change) => !settled.has(change));
      const items = await current(pending, reviewing, step, settled, sending?.looking ?? signal);
      for (const { id } of items) moved.add(id); // whatever becomes of it: its RowVersion is not known any more
      if (items.length === 0) return answered([...settled].filter(([change]) => some.includes(change)));
      const answer = await sendVersioned(
        items,
        {
          call: `POST ${path}`,
          post: async (queueItems) =>
            reader.client.write(
              "POST",
              path,
              { queueItems, ...step.extra },
              { folder: place.folder, signal, before: sending?.before },
            ),
          reread: async (ids) => reader.items.byIds(place, ids, signal),
          judge: (change, row) => judge(change, row, step),
          done: { status: "applied", note: step.note },
          clean: (fault) => reader.client.withoutSecrets(fault),
        },
        settled,
      );
      for (const [change, { status }] of settled) {
        if (status === "applied") reviewing.assigned.add(beforeOf(change).id);
      }
      if (answer.ending !== "answered") return answer;
      return answered([...settled].filter(([change]) => some.includes(change)));
    },
    sentBefore: (some) => {
      for (const change of some) {
        const { id } = beforeOf(change);
        moved.add(id); // its RowVersion may be another now, and this may have been our doing
        if (step.name === "SetItemReviewer") reviewing.assigned.add(id);
      }
    },
    find: async (some, signal) => {
      const rows = await rowsById(
        some.map((change) => beforeOf(change).id),
        reviewing,
        signal,
      );
      const done = some.filter((change) => {
        const row = rows.get(beforeOf(change).id);
        return row !== undefined && step.isDone(change, row);
      });
      const found = done.map((change): [Change, Ending] => {
        const { id } = beforeOf(change);
        reviewing.readBack.add(id);
        return [change, { status: "applied", ids: [id], note: foundNote }];
      });
      return withFound(settled, new Map(found));
    },
  };
}

/** The items with their RowVersion: the plan's, or a fresh one where an earlier call of ours has moved it. */
async function current(
  changes: readonly Change[],
  reviewing: Reviewing,
  step: Step,
  settled: Map<Change, Ending>,
  signal: AbortSignal,
): Promise<Versioned[]> {
  const stale = changes.map((change) => beforeOf(change).id).filter((id) => reviewing.moved.has(id));
  const rows = stale.length === 0 ? new Map<number, Row>() : await rowsById(stale, reviewing, signal);
  return changes.flatMap((change): Versioned[] => {
    const { id, rowVersion } = beforeOf(change);
    if (!reviewing.moved.has(id)) return [{ change, id, rowVersion }];
    const verdict = judge(change, rows.get(id), step, reviewing.assigned.has(id) ? "applied" : "already-done");
    if ("rowVersion" in verdict) return [{ change, id, rowVersion: verdict.rowVersion }];
    const isFound = verdict.ending.status !== "failed" && reviewing.readBack.has(id);
    settled.set(change, isFound ? { ...verdict.ending, note: foundNote } : verdict.ending);
    return [];
  });
}

const foundNote = "found when read back";

/** The write may be tried again only on an item that is still as the plan saw it. */
function judge(
  change: Change,
  row: Row | undefined,
  step: Step,
  done: "applied" | "already-done" = "already-done",
): Verdict {
  const planned = beforeOf(change);
  const ids = [planned.id];
  if (row === undefined) return { ending: { ...changed("the item is gone"), ids } };
  const { status, rowVersion } = toReviewItem(row);
  if (step.isDone(change, row)) return { ending: { status: done, ids, note: "already as wanted" } };
  if (status !== "Failed" && status !== "Abandoned") return { ending: { ...changed(`status is ${status}`), ids } };
  const other = step.whyOther(change, row);
  return other === undefined ? { rowVersion } : { ending: { ...changed(other), ids } };
}

async function rowsById(
  ids: readonly number[],
  { place, reader }: Reviewing,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Row>> {
  return new Map((await reader.items.byIds(place, ids, signal)).map((row) => [row.Id, row]));
}
