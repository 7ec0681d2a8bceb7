import type { EntryTrace } from "../../core/change.ts";
import type { JsonPrimitive } from "../../core/json.ts";
import type { QueueItemDraft, QueueItemState } from "./payload.ts";
import type { QueueItemEntry } from "./spec.ts";

/** The fields of an entry that a manifest may leave out. */
const optional = ["priority", "deferDate", "dueDate", "riskSlaDate", "content"] as const;

/** One list for all entries that name the same: of a million items there are a handful. */
const lists = new Map<string, readonly string[]>();

/** What is kept of an entry beside what its item will be. */
export function traceOf(entry: QueueItemEntry, after: QueueItemDraft | QueueItemState): EntryTrace {
  const named = optional.filter((name) => entry[name] !== undefined);
  const id = named.join();
  const fields = lists.get(id) ?? named;
  lists.set(id, fields);
  const shown: Readonly<Partial<Record<string, unknown>>> = after;
  const apart = named.flatMap((name): [string, JsonPrimitive][] => {
    const value = entry[name];
    return value === shown[name] || value === undefined || (typeof value === "object" && value !== null)
      ? []
      : [[name, value]];
  });
  return apart.length === 0 ? { fields } : { fields, apart: Object.fromEntries(apart) };
}
