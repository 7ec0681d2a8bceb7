import type { Change } from "../../core/change.ts";
import type { PlannedResource, Price } from "../../core/plan.ts";
import { isOwn, reviewedItemName } from "../../core/shard-of.ts";
import { isMissing } from "../../kinds/live.ts";
import type { ReviewLive } from "../../kinds/review/live.ts";
import type { ReviewSettings } from "../../kinds/review/payload.ts";
import { isSelected } from "../../kinds/review/selection.ts";
import type { ReviewSpec } from "../../kinds/review/spec.ts";
import { itemIdsPerLook } from "../read/queue-items.ts";
import { batches } from "./answers.ts";
import { folderFor, folderOf } from "./place.ts";
import type { Gateway, Operation } from "./port.ts";
import { afterOf, setReviewer, setStatus, type Reviewing } from "./review/assign.ts";
import { comments, countLooks } from "./review/comment.ts";
import { verifyComments } from "./review/verify.ts";

/** Items that one call carries. */
const itemsAtOnce = 500;

/** Who reviews which failed items: comments first, then reviewers, then statuses, those with the item's RowVersion. */
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
    const wish = { by: resource.key, queue: queue.name, select: spec.select };
    const { items, ...read } = await reader.reviews.read(place, wish, signal);
    const ids = items
      .filter((item) => isSelected(item, spec.select, selected))
      .map(({ id }) => id)
      .filter((id) => isOwn(resource.part?.shard, reviewedItemName(id)));
    const hanging =
      spec.comment === undefined ? {} : { comments: await reader.comments.hanging(folder.id, ids, signal) };
    return {
      queue,
      reviewers,
      ...(selected === undefined ? {} : { selectedReviewer: selected }),
      names: await reader.reviewerNames(folder, signal),
      items,
      ...hanging,
      read,
    };
  },

  operations(resource, { reader }): Operation[] {
    const { queueId } = resource.settings as ReviewSettings;
    const reviewing: Reviewing = {
      place: { folder: folderOf(resource).id, queue: queueId },
      reader,
      moved: new Set(),
      assigned: new Set(),
      readBack: new Set(),
    };
    const steps = stepsOf(resource);
    // The status last: it takes the item out of the selection, and a run cut short must find it again.
    return [
      ...comments(steps.assigned, reviewing),
      ...steps.reviewers.map(([userId, batch]) => setReviewer(batch, userId, reviewing)),
      ...steps.statuses.map(([status, batch]) => setStatus(batch, status, reviewing)),
    ];
  },

  price(resource): Price {
    const { assigned, reviewers, statuses } = stepsOf(resource);
    const posted = commented(assigned);
    // Each step works on the RowVersion that the one before has left: those items are read again.
    const moved = new Set(posted);
    let reads = 0;
    for (const [, batch] of [...reviewers, ...statuses]) {
      reads += Math.ceil(batch.filter((change) => moved.has(change)).length / itemIdsPerLook);
      for (const change of batch) moved.add(change);
    }
    const looks = countLooks(posted.length);
    const calls = posted.length + looks + reviewers.length + statuses.length + reads;
    return { calls, listCalls: reads };
  },

  verify: async (resource, endings, { reader }, signal) => verifyComments(endings, folderOf(resource), reader, signal),

  verifyPrice: ({ changes }) => ({ calls: countLooks(commented(changes).length), listCalls: 0 }),

  lane: (resource) => String((resource.settings as ReviewSettings).queueId),
};

interface Steps {
  readonly assigned: readonly Change[];
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
  return { assigned, reviewers, statuses };
}

/** Changes that post a comment. */
function commented(changes: Iterable<Change>): Change[] {
  return Iterator.from(changes)
    .filter((change) => change.action === "assign" && afterOf(change).comment !== undefined)
    .toArray();
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
