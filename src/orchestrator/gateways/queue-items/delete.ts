import type { Change } from "../../../core/change.ts";
import type { Ending } from "../../../core/outcome.ts";
import { toQueueItem } from "../../read/queue-item-row.ts";
import type { QueuePlace } from "../../read/queue-items.ts";
import { text, type Row } from "../../read/row.ts";
import type { TenantReader } from "../../read/tenant.ts";
import { changed } from "../answers.ts";
import type { Operation } from "../port.ts";
import { sendVersioned, withFound, type Verdict } from "../versioned.ts";
import { beforeOf, whyChanged } from "./state.ts";

const path = "/odata/QueueItems/UiPathODataSvc.DeleteBulk";

/** Deletes items whose RowVersion is still the one that the plan saw. Deleting sets a status, it removes no row. */
export function deletion(changes: readonly Change[], place: QueuePlace, reader: TenantReader): Operation {
  const settled = new Map<Change, Ending>();
  return {
    name: "DeleteBulk",
    changes,
    repeat: "free",
    divisible: true,
    send: async (some, signal, sending) => {
      const pending = some.filter((change) => !settled.has(change));
      const items = pending.map((change) => ({
        change,
        id: beforeOf(change).id,
        rowVersion: beforeOf(change).rowVersion,
      }));
      return sendVersioned(
        items,
        {
          call: `POST ${path}`,
          post: async (queueItems) =>
            reader.client.write(
              "POST",
              path,
              { queueItems },
              { folder: place.folder, signal, before: sending?.before },
            ),
          reread: async (ids) => reader.items.byIds(place, ids, signal),
          judge,
          done: { status: "applied", note: "deleted" },
          clean: (fault) => reader.client.withoutSecrets(fault),
        },
        settled,
      );
    },
    find: async (some, signal) => {
      const rows = await reader.items.byIds(
        place,
        some.map((change) => beforeOf(change).id),
        signal,
      );
      const gone = new Set(rows.filter((row) => text(row, "Status") === "Deleted").map((row) => row.Id));
      const found = some.filter((change) => gone.has(beforeOf(change).id));
      return withFound(settled, new Map(found.map((change) => [change, foundDeleted(change)])));
    },
  };
}

function foundDeleted(change: Change): Ending {
  return { status: "applied", ids: [beforeOf(change).id], note: "found deleted when read back" };
}

function judge(change: Change, row: Row | undefined): Verdict {
  const planned = beforeOf(change);
  const ids = [planned.id];
  if (row === undefined) return { ending: { ...changed("the item is gone"), ids } };
  const item = toQueueItem(row);
  if (item.status === "Deleted") return { ending: { status: "already-done", ids, note: "already deleted" } };
  if (item.rowVersion === planned.rowVersion) return { rowVersion: item.rowVersion };
  return { ending: { ...changed(whyChanged(item, planned)), ids } };
}
