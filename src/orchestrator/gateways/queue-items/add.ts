import type { Change } from "../../../core/change.ts";
import { countActions, longestLine, only } from "../../../core/change-spool.ts";
import type { List } from "../../../core/list.ts";
import { HeldCreate } from "../../../core/held-create.ts";
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
  const sizeOf = (change: Change): number =>
    change instanceof HeldCreate && isShort(change.longestLine, adding.settings)
      ? short
      : sizeInBytes(newItem(draftOf(change), adding.settings, adding.plannedAt));
  const groups = whole && creates.length > 0 ? [creates] : batches(creates, bulkLimits.items, bulkLimits.bytes, sizeOf);
  return groups.map((changes) => oneAdd(changes, { ...adding, settled: new Map() }));
}

/** As many bytes as every item of a full batch may have. */
const short = bulkLimits.bytes / bulkLimits.items;

/** No item is longer than its line in the plan file, unless hints of types come to it: short ones need no measuring. */
function isShort(longest: number | undefined, { typeHints }: QueueItemsSettings): boolean {
  return !typeHints && longest !== undefined && longest <= short;
}

/** Every instant is as long as any other. */
const someDay = new Date(0);

/** How many calls `adds` makes. */
export function countAdds(changes: List<Change>, settings: QueueItemsSettings): number {
  const { create: count } = countActions(changes);
  if (settings.commit === "AllOrNothing") return Math.min(1, count);
  if (isShort(longestLine(changes), settings)) return Math.ceil(count / bulkLimits.items);
  const creates = only(changes, (action) => action === "create");
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
      const [single] = some;
      return alone && single !== undefined
        ? sendOne(single, adding, signal, sending)
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
