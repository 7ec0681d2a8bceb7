import type { Change } from "../../core/change.ts";
import type { PlannedResource, Price } from "../../core/plan.ts";
import { isMissing } from "../../kinds/live.ts";
import type { ReviewLive } from "../../kinds/review/live.ts";
import type { ReviewSettings } from "../../kinds/review/payload.ts";
import type { ReviewSpec } from "../../kinds/review/spec.ts";
import { and, eq, or, str, type Filter } from "../odata/filter.ts";
import { itemIdsPerLook } from "../read/queue-items.ts";
import { toReviewItem } from "../read/queue-item-row.ts";
import { batches } from "./answers.ts";
import { folderFor, folderOf } from "./place.ts";
import type { Gateway, Operation } from "./port.ts";
import { afterOf, setReviewer, setStatus, type Reviewing } from "./review/assign.ts";

/** Items that one call carries. */
const itemsAtOnce = 500;

/** Who reviews which failed items: the reviewer first, then the status, each with the item's RowVersion. */
export const review: Gateway<ReviewSpec, ReviewLive> = {
  kind: "Review",

  async read(resource, reader, signal) {
    const folder = await folderFor(resource, reader, signal);
    const { spec } = resource;
    const queue = await reader.queue(folder, spec.queue, signal);
    if (isMissing(queue)) return { queue, reviewers: [], names: new Map(), items: [] };
    const reviewers: ReviewLive["reviewers"][number][] = [];
    for (const name of spec.reviewers) reviewers.push(await reader.reviewer(folder, name, signal));
    const named = spec.select.reviewer;
    const selected =
      named === undefined || named === "none" || named === "any"
        ? undefined
        : await reader.reviewer(folder, named, signal);
    const place = { folder: folder.id, queue: queue.id };
    const expand = spec.select.robot === undefined ? undefined : "Robot";
    const rows = await reader.items.select(place, candidates(spec.select), signal, expand);
    return {
      queue,
      reviewers,
      ...(selected === undefined ? {} : { selectedReviewer: selected }),
      names: await reader.reviewerNames(folder, signal),
      items: rows.map(toReviewItem),
    };
  },

  operations(resource, { reader }): Operation[] {
    const { queueId } = resource.settings as ReviewSettings;
    const reviewing: Reviewing = {
      place: { folder: folderOf(resource).id, queue: queueId },
      reader,
      moved: new Set(),
      assigned: new Set(),
    };
    const steps = stepsOf(resource);
    return [
      ...steps.reviewers.map(([userId, batch]) => setReviewer(batch, userId, reviewing)),
      ...steps.statuses.map(([status, batch]) => setStatus(batch, status, reviewing)),
    ];
  },

  price(resource): Price {
    const { reviewers, statuses } = stepsOf(resource);
    const moved = new Set(reviewers.flatMap(([, batch]) => batch));
    // A status is set on the RowVersion that setting the reviewer has left: those items are read again.
    const reads = statuses.reduce((sum, [, batch]) => {
      const stale = batch.filter((change) => moved.has(change)).length;
      return sum + Math.ceil(stale / itemIdsPerLook);
    }, 0);
    return { calls: reviewers.length + statuses.length + reads, listCalls: reads };
  },

  lane: (resource) => String((resource.settings as ReviewSettings).queueId),
};

/** Fields that stay filterable in strict mode: status and review status (API guide). The rest is matched again. */
function candidates({ status, reviewStatus }: ReviewSpec["select"]): Filter {
  return and(
    or(...status.map((each) => eq("Status", str(each)))),
    ...(reviewStatus.length === 0 ? [] : [or(...reviewStatus.map((each) => eq("ReviewStatus", str(each))))]),
  );
}

interface Steps {
  readonly reviewers: readonly (readonly [userId: number | null, batch: readonly Change[]])[];
  readonly statuses: readonly (readonly [status: string, batch: readonly Change[]])[];
}

function stepsOf({ changes }: PlannedResource): Steps {
  const assigned = Iterator.from(changes)
    .filter(({ action }) => action === "assign")
    .toArray();
  const reviewers = grouped(assigned, (change) => {
    const { reviewer } = afterOf(change);
    return reviewer === undefined ? undefined : { value: reviewer?.id ?? null };
  });
  const statuses = grouped(assigned, (change) => {
    const { reviewStatus } = afterOf(change);
    return reviewStatus === undefined ? undefined : { value: reviewStatus };
  });
  return { reviewers, statuses };
}

/** Changes by the value that they want, in batches; those that want none are left out. */
function grouped<Value>(
  changes: readonly Change[],
  wanted: (change: Change) => { readonly value: Value } | undefined,
): (readonly [Value, readonly Change[]])[] {
  const concerned = changes.filter((change) => wanted(change) !== undefined);
  const groups = Map.groupBy(concerned, (change) => (wanted(change) as { readonly value: Value }).value);
  return [...groups].flatMap(([value, group]) =>
    batches(group, itemsAtOnce, Number.POSITIVE_INFINITY, () => 0).map((batch) => [value, batch] as const),
  );
}
