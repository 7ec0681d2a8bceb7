import type { Change, EntryTrace } from "../../core/change.ts";
import { isRecord, type JsonPrimitive } from "../../core/json.ts";
import { SecretValue } from "../../core/secret.ts";
import type { QueueItemDraft, QueueItemState } from "./payload.ts";
import type { QueueItemEntry, QueueItemsSpec } from "./spec.ts";

/** The fields of an entry that a manifest may leave out. */
const optional = ["priority", "deferDate", "dueDate", "riskSlaDate", "content"] as const;

/** One list for all entries that name the same, by a bit for each field: of a million items there are a handful. */
const lists: (readonly string[])[] = [];

/** What is kept of an entry beside what its item will be. */
export function traceOf(entry: QueueItemEntry, after: QueueItemDraft | QueueItemState): EntryTrace {
  const shown: Readonly<Partial<Record<string, unknown>>> = after;
  let named = 0;
  let apart: Record<string, JsonPrimitive> | undefined;
  for (const [bit, name] of optional.entries()) {
    const value = entry[name];
    if (value === undefined) continue;
    named |= 1 << bit;
    if (value !== shown[name] && (typeof value !== "object" || value === null)) (apart ??= {})[name] = value;
  }
  const fields = (lists[named] ??= optional.filter((name) => entry[name] !== undefined));
  return apart === undefined ? { fields } : { fields, apart };
}

/** The spec as plans keep it. */
export type KeptQueueItems = Omit<QueueItemsSpec, "items">;

/**
 * The spec of exactly what was planned: the entries of its creations and updates, and a prune only where something is
 * to be deleted. Undefined where a change is none that this kind makes.
 */
export function plannedQueueItems(kept: KeptQueueItems, changes: Iterable<Change>): QueueItemsSpec | undefined {
  const items: QueueItemEntry[] = [];
  let deletes = false;
  for (const change of changes) {
    deletes ||= change.action === "delete";
    if (change.action !== "create" && change.action !== "update") continue;
    const entry = entryOf(change);
    if (entry === undefined) return undefined;
    items.push(entry);
  }
  const { prune, ...rest } = kept;
  return { ...rest, items, ...(prune === undefined || !deletes ? {} : { prune }) };
}

function entryOf({ key, desired, source, ...change }: Change): QueueItemEntry | undefined {
  const after = "after" in change && isRecord(change.after) ? change.after : {};
  if (key.entry === undefined || desired === undefined || source === undefined) return undefined;
  const given: Record<string, unknown> = {};
  for (const name of optional.filter((each) => desired.fields.includes(each))) {
    const value = desired.apart !== undefined && Object.hasOwn(desired.apart, name) ? desired.apart[name] : after[name];
    if (!fits[name](value)) return undefined;
    given[name] = value;
  }
  return { reference: key.entry, ...given, source };
}

const isDate = (value: unknown): boolean => value === null || typeof value === "string";

const fits: Readonly<Record<(typeof optional)[number], (value: unknown) => boolean>> = {
  priority: (value) => value === "High" || value === "Normal" || value === "Low",
  deferDate: isDate,
  dueDate: isDate,
  riskSlaDate: isDate,
  content: (value) => isRecord(value) && Object.values(value).every(isContent),
};

function isContent(value: unknown): boolean {
  return value === null || typeof value !== "object" || value instanceof SecretValue;
}
