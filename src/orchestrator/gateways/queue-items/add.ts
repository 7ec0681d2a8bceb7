import type { Change } from "../../../core/change.ts";
import { revealingJson } from "../../../core/secret.ts";
import { bulkLimits } from "../../../kinds/queue-items/limits.ts";
import type { QueueItemsSettings } from "../../../kinds/queue-items/payload.ts";
import { batches, countBatches } from "../answers.ts";
import type { Answer, Operation } from "../port.ts";
import { sendBulk } from "./bulk.ts";
import { sendOne } from "./one.ts";
import { endingsOf, present, type Adding } from "./presence.ts";
import { draftOf } from "./state.ts";
import { newItem, type ItemData } from "./wire.ts";

/** The calls for all creates of a resource, in the manifest's order. */
export function adds(creates: readonly Change[], adding: Omit<Adding, "settled">): Operation[] {
  const { commit } = adding.settings;
  const whole = commit === "AllOrNothing";
  const sizeOf = (change: Change): number => sizeInBytes(newItem(draftOf(change), adding.settings, adding.plannedAt));
  const groups = whole && creates.length > 0 ? [creates] : batches(creates, bulkLimits.items, bulkLimits.bytes, sizeOf);
  return groups.map((changes) => oneAdd(changes, { ...adding, settled: new Map() }));
}

/** Every instant is as long as any other. */
const someDay = new Date(0);

/** How many calls `adds` makes. */
export function countAdds(creates: Iterable<Change>, settings: QueueItemsSettings): number {
  if (settings.commit === "AllOrNothing") return Iterator.from(creates).take(1).toArray().length;
  const sizeOf = (change: Change): number => sizeInBytes(newItem(draftOf(change), settings, someDay));
  return countBatches(creates, bulkLimits.items, bulkLimits.bytes, sizeOf);
}

function oneAdd(changes: readonly Change[], adding: Adding): Operation {
  const { unique, commit, order } = adding.settings;
  const alone = changes.length === 1 && commit !== "AllOrNothing";
  const operation: Operation = {
    name: alone ? "AddQueueItem" : "BulkAddQueueItems",
    changes,
    // The server's own index refuses a second one; elsewhere nothing does.
    repeat: unique ? "free" : "afterSettle",
    divisible: commit !== "AllOrNothing",
    ...(commit === "StopOnFirstFailure" ? { stopsOnFailure: true } : {}),
    ...(order === "any" && commit === "ProcessAllIndependently" ? { sideBySide: true } : {}),
    send: async (some, signal, sending): Promise<Answer> => {
      if (!unique) await adding.reader.items.watermark(adding.place, sending?.looking ?? signal);
      const [only] = some;
      return alone && only !== undefined
        ? sendOne(only, adding, signal, sending)
        : sendBulk(some, adding, signal, sending);
    },
    find: async (some, signal) => {
      const found = await present(some, adding, signal);
      return new Map([...adding.settled, ...endingsOf(found, "applied", "found when read back")]);
    },
  };
  return unique
    ? operation
    : {
        ...operation,
        // Rows above the watermark are all that the plan could not see.
        check: async (some, signal) => endingsOf(await present(some, adding, signal), "already-done", "already there"),
      };
}

function sizeInBytes(item: ItemData): number {
  return Buffer.byteLength(revealingJson(item)) + 1;
}
