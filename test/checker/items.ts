import type { ApplyRecord, Evidence, Json, SentCall, WantedItems } from "./evidence.ts";
import { writesOf, type Write } from "./writes-of-runs.ts";

/** A promise that did not hold for something that an assumption may excuse. */
export interface Finding {
  readonly text: string;
  /** What must stand in the last plan or in a report when it is excused: ids. */
  readonly ids: readonly number[];
  /** The words that must stand there instead, where ids alone are too small to be told apart. */
  readonly told?: string;
  /** The writes that it came from. */
  readonly writes: readonly Write[];
  /** The name of the inherent case that it is, whatever else holds. */
  readonly inherent?: string;
}

/** The inherent case that no broken assumption of the table is. */
export const freedByHand = "an item was deleted by hand, and an apply that was begun before added it";

/** References are compared by the server's rule: case and trailing blanks do not count. */
export function sameReference(a: unknown, b: string): boolean {
  return String(a).trimEnd().toLowerCase() === b.trimEnd().toLowerCase();
}

export function idOf(row: Json): number {
  return Number(row["Id"]);
}

/** Wanted items that orch-sync added more often than once. */
export function itemsTwice(evidence: Evidence): Finding[] {
  const { wanted, before, after, touched, calls } = evidence;
  const known = new Set(before.items.map(({ Key }) => Key));
  const adds = writesOf(calls).filter(({ what }) => what === "add");
  const deletedByOthers = othersDeletions(calls);
  return eachReference(wanted.items).flatMap(([set, reference]) => {
    const rows = after.items.filter((row) => isOf(row, set, reference));
    const added = Map.groupBy(
      rows.filter((row) => !known.has(row["Key"]) && !isByHand(row, calls)),
      ({ Key }) => Key,
    );
    const earlier = before.items.filter((row) => isOf(row, set, reference));
    const living = earlier.some(({ Status }) => Status !== "Deleted");
    const gone = rows.filter((row) => deletedByOthers.has(idOf(row)) && touched.includes(idOf(row))).length;
    const again = set.recreateDeleted ? gone + (earlier.length > 0 && !living ? 1 : 0) : 0;
    // An item of before that is live already leaves nothing to add; one that was deleted by hand may be added again.
    const heldBack = addsByHand(reference, calls).filter(({ fault }) => fault !== null).length;
    const allowed = (earlier.length > 0 ? 0 : 1) + again + heldBack;
    if (added.size <= allowed) return [];
    const copies = [...added.values()].flat();
    const ids = copies.map(idOf);
    const writes = adds.filter(({ queue, about }) => {
      return queue === set.queue && about.some((name) => sameReference(name, reference));
    });
    const freed = copies.filter((row) => isDeletedBefore(row, writes, evidence)).length;
    const isFreed = set.unique && added.size <= allowed + freed;
    return [
      {
        text: `${set.queue}/${reference} was added ${added.size} times, ${allowed} wanted: ids ${ids.join(", ")}`,
        ids,
        writes,
        ...(isFreed ? { inherent: freedByHand } : {}),
      },
    ];
  });
}

/**
 * The index of a unique queue refuses a second item for as long as the first is there: a person has deleted this one,
 * and the last that added it had been begun, and so planned, before.
 */
function isDeletedBefore(row: Json, writes: readonly Write[], { calls, applies }: Evidence): boolean {
  const deletion = calls.find(
    ({ by, path, body }) => by === "person" && path.endsWith(".DeleteBulk") && deletedIn(body).includes(idOf(row)),
  );
  const last = writes.toSorted((a, b) => a.call.sentAt - b.call.sentAt).at(-1);
  if (deletion === undefined || row["Status"] !== "Deleted" || last === undefined) return false;
  const names = chainOf(last.call.by, applies);
  const begun = Math.min(...calls.filter(({ by }) => names.includes(by)).map(({ sentAt }) => sentAt));
  return begun < deletion.sentAt;
}

/** An apply, and those that it carried on. */
function chainOf(name: string, applies: readonly ApplyRecord[]): readonly string[] {
  return applies.findLast(({ by }) => by.includes(name))?.by ?? [name];
}

/** Wanted items that are not there in the end, and never were. */
export function itemsLost({ wanted, after, applies }: Evidence): string[] {
  return eachReference(wanted.items)
    .filter(([set, reference]) => !after.items.some((row) => isOf(row, set, reference)))
    .map(([set, reference]) => `${set.queue}/${reference} is not there after ${applies.length} applies`);
}

/** What no manifest names must be as it was, but for what robots and people did. */
export function foreignItems(evidence: Evidence): string[] {
  const { wanted, before, after, touched } = evidence;
  const now = new Map(after.items.map((row) => [idOf(row), row]));
  return before.items.flatMap((row) => {
    const id = idOf(row);
    if (touched.includes(id) || isNamed(row, evidence) || isPrunable(row, wanted.items)) return [];
    const is = now.get(id);
    if (is === undefined) return [`item ${id} is gone`];
    if (is["Status"] !== row["Status"] && robotsOwn.has(String(is["Status"]))) return [];
    return JSON.stringify(is) === JSON.stringify(row) ? [] : [`item ${id}, which no manifest names, was changed`];
  });
}

const robotsOwn = new Set(["InProgress", "Successful", "Failed", "Retried", "Abandoned"]);

/** Only what prune selects is deleted, and of several copies of our own the later ones. */
export function foreignDeletes(evidence: Evidence): string[] {
  const { wanted, before, after, calls } = evidence;
  const rows = new Map(after.items.map((row) => [idOf(row), row]));
  const known = new Set(before.items.map(idOf));
  return writesOf(calls)
    .filter(({ what }) => what === "delete")
    .flatMap(({ about, call }) =>
      about.flatMap((text) => {
        const row = rows.get(Number(text));
        if (row === undefined || isPrunable(row, wanted.items)) return [];
        return isNamed(row, evidence) && !known.has(idOf(row)) && !isByHand(row, calls)
          ? []
          : [`${call.by} deleted item ${text}, which was not its own`];
      }),
    );
}

/** Reviews may be set on the selected queue's items, whose rows then differ. */
function isNamed(row: Json, { wanted }: Evidence): boolean {
  if (wanted.reviews !== undefined && row["QueueDefinitionId"] === reviewedQueue) return true;
  return eachReference(wanted.items).some(([set, reference]) => isOf(row, set, reference));
}

const reviewedQueue = 104;

function isPrunable(row: Json, sets: readonly WantedItems[]): boolean {
  return sets.some(
    ({ queueId, prune, references }) =>
      prune !== undefined &&
      row["QueueDefinitionId"] === queueId &&
      String(row["Reference"]).toLowerCase().startsWith(prune) &&
      !references.some((reference) => sameReference(row["Reference"], reference)),
  );
}

/** Added by a person, whose call came at that time; what a fault held back has their mark in its content. */
function isByHand(row: Json, calls: Evidence["calls"]): boolean {
  if ((row["SpecificContent"] as Json | null)?.["By"] === "hand") return true;
  return addsByHand(row["Reference"], calls).some(({ time }) => time === row["CreationTime"]);
}

export function addsByHand(reference: unknown, calls: Evidence["calls"]): Evidence["calls"] {
  return calls.filter(({ by, path, body }) => {
    if (by !== "person" || !path.endsWith(".AddQueueItem")) return false;
    const { itemData } = JSON.parse(body ?? "{}") as { readonly itemData: Json };
    return sameReference(itemData["Reference"], String(reference));
  });
}

function othersDeletions(calls: Evidence["calls"]): Set<number> {
  const bodies = calls.filter(({ by, path }) => by === "person" && path.endsWith(".DeleteBulk"));
  return new Set(bodies.flatMap(({ body }) => deletedIn(body)));
}

function deletedIn(body: SentCall["body"]): number[] {
  return ((JSON.parse(body ?? "{}") as Json)["queueItems"] as Json[]).map(idOf);
}

function isOf(row: Json, { queueId }: WantedItems, reference: string): boolean {
  return row["QueueDefinitionId"] === queueId && sameReference(row["Reference"], reference);
}

function eachReference(sets: readonly WantedItems[]): [WantedItems, string][] {
  return sets.flatMap((set) => set.references.map((reference): [WantedItems, string] => [set, reference]));
}
