import type { Change } from "../../../core/change.ts";
import { fold } from "../../../core/fold.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { LiveQueueItem } from "../../../kinds/queue-items/live.ts";
import type { QueueItemsSettings } from "../../../kinds/queue-items/payload.ts";
import type { QueuePlace } from "../../read/queue-items.ts";
import type { TenantReader } from "../../read/tenant.ts";
import { draftOf } from "./state.ts";

/** What adding to one queue needs to know. */
export interface Adding {
  readonly place: QueuePlace;
  readonly settings: QueueItemsSettings;
  readonly reader: TenantReader;
  readonly plannedAt: Date;
  readonly applyId?: string;
  /** Endings that are sure already, while another call of the same operation stays open. */
  readonly settled: Map<Change, Ending>;
}

/**
 * Which of the items are there now. In a unique queue one that is not deleted is the item, whoever added it. Elsewhere
 * only rows above the watermark can be this run's, deleted since or not.
 */
export async function present(
  changes: readonly Change[],
  { place, settings, reader }: Adding,
  signal: AbortSignal,
): Promise<ReadonlyMap<Change, readonly LiveQueueItem[]>> {
  const references = changes.map((change) => draftOf(change).reference);
  const above = settings.unique ? undefined : await reader.items.watermark(place, signal);
  const items = await reader.items.byReferences(place, references, signal, above);
  return matched(changes, settings.unique ? items.filter(({ status }) => status !== "Deleted") : items);
}

function matched(
  changes: readonly Change[],
  items: readonly LiveQueueItem[],
): ReadonlyMap<Change, readonly LiveQueueItem[]> {
  const byReference = Map.groupBy(items, (item) => fold(item.reference ?? ""));
  return new Map(
    changes.flatMap((change) => {
      const rows = byReference.get(fold(draftOf(change).reference));
      return rows === undefined ? [] : [[change, rows]];
    }),
  );
}

/** Endings for items that were found. */
export function endingsOf(
  found: ReadonlyMap<Change, readonly LiveQueueItem[]>,
  status: "applied" | "already-done",
  note: string,
): ReadonlyMap<Change, Ending> {
  return new Map(
    [...found].map(([change, items]): [Change, Ending] => [change, { status, note, ids: items.map(({ id }) => id) }]),
  );
}
