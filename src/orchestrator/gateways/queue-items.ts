import type { Change } from "../../core/change.ts";
import { countActions } from "../../core/change-spool.ts";
import type { PlannedResource, Price } from "../../core/plan.ts";
import { isMissing } from "../../kinds/live.ts";
import type { DesiredResource } from "../../core/resource.ts";
import { referencesOf } from "../../kinds/queue-items/entry-spool.ts";
import { noRows, type LiveQueue, type QueueItemsLive } from "../../kinds/queue-items/live.ts";
import type { QueueItemsObserved, QueueItemsSettings } from "../../kinds/queue-items/payload.ts";
import type { QueueItemsSpec } from "../../kinds/queue-items/spec.ts";
import type { QueueWish } from "../read/shared-reads.ts";
import { batches } from "./answers.ts";
import { folderFor, folderOf } from "./place.ts";
import type { Gateway, Operation } from "./port.ts";
import { adds, countAdds } from "./queue-items/add.ts";
import { deletion } from "./queue-items/delete.ts";
import { callsPerUpdate, update, verifyUpdates } from "./queue-items/update.ts";
import { priceOfVerify, verifyAdds } from "./queue-items/verify.ts";

/** Items that one DeleteBulk call carries; others send as many (field report). */
const deletesAtOnce = 1000;

/** Queue items: added in bulk, updated one by one, deleted by version. */
export const queueItems: Gateway<QueueItemsSpec, QueueItemsLive> = {
  kind: "QueueItems",

  async announce(resource, reader, signal) {
    const folder = await reader.folder(resource.key.folder, signal);
    if (isMissing(folder)) return;
    const queue = await reader.queue(folder, resource.spec.queue, signal);
    if (!isMissing(queue)) reader.items.want({ folder: folder.id, queue: queue.id }, wishOf(resource, queue));
  },

  async read(resource, reader, signal) {
    const folder = await folderFor(resource, reader, signal);
    const { spec } = resource;
    const queue = await reader.queue(folder, spec.queue, signal);
    if (isMissing(queue)) return { queue, items: noRows, pruneCandidates: [] };
    const place = { folder: folder.id, queue: queue.id };
    const wish = wishOf(resource, queue);
    reader.items.want(place, wish);
    // Before the references: whatever is added to such a queue after this look is then seen again by number.
    const watermark =
      queue.enforceUniqueReference || spec.items.length === 0
        ? {}
        : { watermark: await reader.items.watermark(place, signal) };
    return { queue, ...(await reader.items.desired(place, wish, signal)), ...watermark };
  },

  operations(resource, { reader, plannedAt, applyId }) {
    const settings = settingsOf(resource);
    const place = { folder: folderOf(resource).id, queue: settings.queueId };
    const { watermark } = resource.observed as QueueItemsObserved;
    if (watermark !== undefined) reader.items.knowWatermark(place.queue, watermark);
    const { creates, updates, deletes } = sorted(resource);
    const operations: Operation[] = [
      // Deletions free references that a create may want.
      ...deleteBatches(deletes).map((batch) => deletion(batch, place, reader)),
      ...adds(creates, { place, settings, reader, plannedAt, ...(applyId === undefined ? {} : { applyId }) }),
      ...updates.map((change) => update(change, { place, settings, reader })),
    ];
    return operations;
  },

  price(resource): Price {
    const { create: creates, update: updates, delete: deletes } = countActions(resource.changes);
    if (creates + updates + deletes === 0) return { calls: 0, listCalls: 0 };
    const settings = settingsOf(resource);
    const added = countAdds(resource.changes, settings);
    // Where no index refuses a second one, the watermark is read once, and what is above it before each batch.
    const looks = settings.unique || added === 0 ? 0 : 1 + added;
    return {
      calls: Math.ceil(deletes / deletesAtOnce) + added + looks + updates * callsPerUpdate,
      listCalls: looks,
    };
  },

  async verify(resource, endings, run, signal) {
    const settings = settingsOf(resource);
    const place = { folder: folderOf(resource).id, queue: settings.queueId };
    const creates = [...endings].filter(([{ action }]) => action === "create");
    const updates = [...endings].filter(([{ action }]) => action === "update");
    const adding = { place, settings, ...run };
    const added = creates.length === 0 ? { endings: new Map() } : await verifyAdds(new Map(creates), adding, signal);
    const replaced = await verifyUpdates(new Map(updates), { place, settings, reader: run.reader }, signal);
    return { ...added, endings: new Map([...added.endings, ...replaced]) };
  },

  verifyPrice(resource) {
    const { create: creates, update: updates } = countActions(resource.changes);
    const added = priceOfVerify(creates, settingsOf(resource).unique);
    return { calls: added.calls + updates, listCalls: added.listCalls };
  },

  lane: (resource) => String(settingsOf(resource).queueId),
};

function wishOf({ key, spec }: DesiredResource<QueueItemsSpec>, queue: LiveQueue): QueueWish {
  return { by: key, queue: queue.name, references: referencesOf(spec.items), prunePrefix: spec.prune?.referencePrefix };
}

function settingsOf(resource: PlannedResource): QueueItemsSettings {
  return resource.settings as QueueItemsSettings;
}

function deleteBatches(deletes: readonly Change[]): Change[][] {
  return batches(deletes, deletesAtOnce, Number.POSITIVE_INFINITY, () => 0);
}

function sorted({ changes }: PlannedResource): Readonly<Record<"creates" | "updates" | "deletes", readonly Change[]>> {
  const {
    create: creates = [],
    update: updates = [],
    delete: deletes = [],
  } = Object.groupBy(changes, ({ action }) => action);
  return { creates, updates, deletes };
}
