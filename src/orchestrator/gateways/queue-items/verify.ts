import type { Change } from "../../../core/change.ts";
import { fold } from "../../../core/fold.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { Price } from "../../../core/plan.ts";
import { isUntouched } from "../../../kinds/queue-items/reconcile.ts";
import type { LiveQueueItem } from "../../../kinds/queue-items/live.ts";
import type { QueueItemState } from "../../../kinds/queue-items/payload.ts";
import { toQueueItem } from "../../read/queue-item-row.ts";
import { text, type Row } from "../../read/row.ts";
import type { Removal, Verified } from "../port.ts";
import { deletion } from "./delete.ts";
import type { Adding } from "./presence.ts";
import { draftOf } from "./state.ts";
import { markOf } from "./wire.ts";

type Looking = Omit<Adding, "settled">;

/** References that one look names, about. */
const referencesPerLook = 80;

/** What `verifyAdds` costs for so many items. */
export function priceOfVerify(items: number, unique: boolean, pageSize = 100): Price {
  const looks = Math.ceil(items / (unique ? referencesPerLook : pageSize));
  return { calls: looks, listCalls: looks };
}

/**
 * Whether what was added is there exactly once. A copy too many is proposed for removal only where it and the one that
 * stays both carry this apply's mark and nobody has touched it; of all others only the ids are told.
 */
export async function verifyAdds(
  endings: ReadonlyMap<Change, Ending>,
  looking: Looking,
  signal: AbortSignal,
): Promise<Verified> {
  const { place, settings, reader } = looking;
  const changes = [...endings.keys()];
  const above = settings.unique ? undefined : await reader.items.watermark(place, signal);
  const references = changes.map((change) => draftOf(change).reference);
  const rows = await reader.items.byReferences(place, references, signal, above);
  const byReference = Map.groupBy(rows, ({ reference }) => fold(reference ?? ""));
  const told = new Map<Change, Ending>();
  const doubled = new Map<Change, readonly number[]>();
  for (const [change, ending] of endings) {
    const copies = copiesOf(byReference.get(fold(draftOf(change).reference)) ?? []);
    if (copies.length > 1) doubled.set(change, copies);
    if (copies.length === 0 && ending.status === "applied") told.set(change, gone(ending));
  }
  if (doubled.size === 0) return { endings: told };
  return judged(doubled, endings, told, looking, signal);
}

/** Items that are not deleted, by the Id of their first row: retries share a Key. */
function copiesOf(rows: readonly LiveQueueItem[]): number[] {
  const items = [...Map.groupBy(rows, ({ key }) => key).values()];
  const living = items.filter((retries) => retries.every(({ status }) => status !== "Deleted"));
  return living.map((retries) => Math.min(...retries.map(({ id }) => id))).toSorted((a, b) => a - b);
}

/** Deleted, or taken away by retention: it was added, and that is no loss. */
function gone(ending: Ending): Ending {
  return { ...ending, note: `${ending.note ?? "added"}; deleted since, or not to be seen now` };
}

async function judged(
  doubled: ReadonlyMap<Change, readonly number[]>,
  endings: ReadonlyMap<Change, Ending>,
  told: Map<Change, Ending>,
  looking: Looking,
  signal: AbortSignal,
): Promise<Verified> {
  const { place, reader } = looking;
  const rows = new Map(
    (await reader.items.byIds(place, [...doubled.values()].flat(), signal)).map((row) => [row.Id, row]),
  );
  const removals = new Map<Change, Change>();
  for (const [change, ids] of doubled) {
    const proven = surplus(
      ids.map((id) => rows.get(id)),
      looking.applyId,
    );
    for (const row of proven) removals.set(removalOf(change, row), change);
    const left = ids.filter((id) => !proven.some((row) => row.Id === id));
    if (left.length > 1) {
      const note = `${ids.length} items have this reference: ids ${ids.join(", ")}; what cannot be proven to be a copy of this apply's is never removed`;
      told.set(change, { status: "failed", ids, note });
    } else {
      const note = `${endings.get(change)?.note ?? "added"}; a second copy (${proven.map((row) => row.Id).join(", ")}) was removed`;
      told.set(change, { status: "applied", ids: left, note });
    }
  }
  const removal: Removal = { operation: deletion([...removals.keys()], place, reader), of: removals };
  return removals.size === 0 ? { endings: told } : { endings: told, removal };
}

/** The copies that may go: the lowest Id stays, and both must be marked. */
function surplus(copies: readonly (Row | undefined)[], applyId: string | undefined): Row[] {
  const [first, ...others] = copies;
  if (applyId === undefined || first === undefined || !isOurs(first, applyId)) return [];
  return others.filter((row): row is Row => row !== undefined && isOurs(row, applyId) && isUntouched(toQueueItem(row)));
}

function isOurs(row: Row, applyId: string): boolean {
  return text(row, "ParentOperationId")?.startsWith(markOf(applyId)) === true;
}

function removalOf(change: Change, row: Row): Change {
  const { id, rowVersion, reference } = toQueueItem(row);
  const before: QueueItemState = { id, rowVersion, reference: reference ?? "" };
  const { key, label } = change;
  const precondition = { type: "version", id, rowVersion } as const;
  return { action: "delete", key, label, summary: "a second copy", before, precondition };
}
