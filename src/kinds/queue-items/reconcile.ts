import type { Change, FieldChange, Precondition } from "../../core/change.ts";
import { diffFields, sameInstant } from "../../core/field-diff.ts";
import { isRelative } from "../../core/relative-time.ts";
import { liveSecret, SecretValue } from "../../core/secret.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { describeItem } from "./describe.ts";
import { traceOf } from "./again.ts";
import type { LiveQueueItem } from "./live.ts";
import type { QueueItemDraft, QueueItemState } from "./payload.ts";
import type { Content, QueueItemEntry, QueueItemsSpec } from "./spec.ts";

export type QueueItemChange = Change<QueueItemState, QueueItemDraft | QueueItemState>;

/** What the manifest and the time say about every entry. */
export interface ReconcileRules extends Pick<QueueItemsSpec, "onDrift" | "recreateDeleted"> {
  /** True once `seedUntil` has passed: what is missing counts as purged. */
  readonly seedingOver: boolean;
  readonly sensitive: ReadonlySet<string>;
  /** Content keys whose live values are kept like secrets. */
  readonly secretKeys: ReadonlySet<string>;
}

/**
 * One key: (desired entry, every live row under its reference) → one change. An item that was attempted is in line:
 * orch-sync seeds items, it never touches one that a robot may have seen.
 */
export function reconcileItem(
  resource: ResourceKey,
  entry: QueueItemEntry,
  rows: readonly LiveQueueItem[],
  rules: ReconcileRules,
): QueueItemChange {
  const base = {
    key: { ...resource, entry: entry.reference },
    label: entry.reference,
    source: entry.source,
    ...hidden(rules.sensitive),
  };
  const living = newestRows(rows).filter((row) => row.status !== "Deleted");
  const [live, another] = living;
  if (live === undefined) return reconcileAbsent(base, entry, rows, rules);

  const warnings = spellingWarnings(entry, live);
  if (another !== undefined) {
    const ids = living.map((row) => row.id).join(", ");
    return {
      ...base,
      action: "no-op",
      summary: "in line",
      reason: { code: "not-unique", text: `${living.length} items have this reference` },
      warnings: [
        ...warnings,
        `${living.length} live items have the reference ${entry.reference}: ids ${ids}; none is touched`,
      ],
    };
  }
  const noted = { ...base, ...(warnings.length > 0 ? { warnings } : {}) };
  if (!isUntouched(live)) {
    const text = touchedWords(live);
    return { ...noted, action: "no-op", summary: text, reason: { code: "already-processed", text } };
  }
  return reconcileUntouched(noted, entry, withHiddenSecrets(live, rules.secretKeys), rules);
}

/** New and never attempted: the only state in which an item is updated or deleted. */
export function isUntouched(row: LiveQueueItem): boolean {
  return row.status === "New" && row.retryNumber === 0 && row.ancestorId === null;
}

function touchedWords({ status, retryNumber }: LiveQueueItem): string {
  if (status !== "New") return `is ${status}`;
  return retryNumber === null ? "may have been attempted: the server does not tell" : "waits for a retry";
}

/** Retries share the server's Key: each item counts once, in the state of its row with the highest Id. */
function newestRows(rows: readonly LiveQueueItem[]): readonly LiveQueueItem[] {
  if (rows.length < 2) return rows;
  const newest = new Map<string, LiveQueueItem>();
  for (const row of rows) {
    const known = newest.get(row.key);
    if (known === undefined || row.id > known.id) newest.set(row.key, row);
  }
  return [...newest.values()].toSorted((a, b) => a.id - b.id);
}

type Base = Pick<QueueItemChange, "key" | "label" | "source" | "sensitive" | "warnings">;

function reconcileAbsent(
  base: Base,
  entry: QueueItemEntry,
  deleted: readonly LiveQueueItem[],
  rules: ReconcileRules,
): QueueItemChange {
  if (deleted.length > 0 && !rules.recreateDeleted) {
    const text = "was deleted, and recreateDeleted is off";
    return { ...base, action: "no-op", summary: text, reason: { code: "deleted-left", text } };
  }
  if (rules.seedingOver) {
    const text = "seedUntil has passed: what is missing counts as purged";
    return { ...base, action: "no-op", summary: text, reason: { code: "seeding-over", text } };
  }
  const after = draft(entry);
  return {
    ...base,
    action: "create",
    summary: describeItem(after),
    after,
    desired: traceOf(entry, after),
    precondition: { type: "absent" },
    ...(deleted.length > 0
      ? { reason: { code: "deleted-recreated", text: "it was deleted, and recreateDeleted is on" } as const }
      : {}),
  };
}

function reconcileUntouched(
  base: Base,
  entry: QueueItemEntry,
  live: LiveQueueItem,
  rules: ReconcileRules,
): QueueItemChange {
  const fields = differences(entry, live, rules.sensitive);
  if (fields.length === 0) {
    return { ...base, action: "no-op", summary: "in line", reason: { code: "equal", text: "nothing differs" } };
  }
  const paths = fields.map((field) => field.path).join(", ");
  if (rules.onDrift === "ignore") {
    const text = `${paths} differ, and onDrift is ignore`;
    return { ...base, action: "no-op", summary: text, reason: { code: "drift-ignored", text } };
  }
  if (rules.onDrift === "fail") {
    const text = `${paths} differ from the manifest, and onDrift is fail`;
    return { ...base, action: "blocked", summary: "", reason: { code: "drift-refused", text } };
  }
  if (entry.content === undefined && live.content === undefined) {
    // An update replaces everything, and what cannot be read cannot be sent back.
    const text = `${paths} differ, and its content cannot be read: an update would clear it`;
    return {
      ...base,
      action: "blocked",
      summary: "",
      reason: { code: "content-hidden", text },
      hint: "give the content in the manifest",
    };
  }
  const before = itemState(live);
  const after = {
    ...before,
    ...pick(entry, ["priority", "content"]),
    ...pick({ deferDate: fixedDate(entry.deferDate), dueDate: fixedDate(entry.dueDate) }, ["deferDate", "dueDate"]),
  };
  return {
    ...base,
    action: "update",
    summary: "",
    before,
    after,
    desired: traceOf(entry, after),
    fields,
    precondition: seen(live),
  };
}

/** What an update or a delete must still find: RowVersion changes with every update of the item. */
export function seen(row: Pick<LiveQueueItem, "id" | "rowVersion">): Precondition {
  return { type: "version", id: row.id, rowVersion: row.rowVersion };
}

/** The row with live values wrapped where manifests have secrets: those of yesterday are secrets still. */
export function withHiddenSecrets(row: LiveQueueItem, secret: ReadonlySet<string>): LiveQueueItem {
  if (secret.size === 0 || row.content === undefined) return row;
  const content = Object.entries(row.content).map(([name, value]): [string, Content[string]] =>
    secret.has(name) && !(value instanceof SecretValue) ? [name, liveSecret(value)] : [name, value],
  );
  return { ...row, content: Object.fromEntries(content) };
}

/** The row as a change keeps it. */
export function itemState(row: LiveQueueItem): QueueItemState {
  return {
    id: row.id,
    reference: row.reference ?? "",
    rowVersion: row.rowVersion,
    ...pick(row, ["priority", "deferDate", "dueDate", "content", "progress"]),
  };
}

/** Left out, a priority is sent as Normal: the server's own default is High. A null date is simply not sent. */
function draft(entry: QueueItemEntry): QueueItemDraft {
  return {
    reference: entry.reference,
    priority: entry.priority ?? "Normal",
    ...(entry.deferDate == null ? {} : { deferDate: entry.deferDate }),
    ...(entry.dueDate == null ? {} : { dueDate: entry.dueDate }),
    ...(entry.riskSlaDate == null ? {} : { riskSlaDate: entry.riskSlaDate }),
    ...(entry.content === undefined ? {} : { content: entry.content }),
  };
}

/** Fields that the manifest names and the server returned, where they differ. */
function differences(entry: QueueItemEntry, live: LiveQueueItem, sensitive: ReadonlySet<string>): FieldChange[] {
  const fields: FieldChange[] = [];
  if (entry.priority !== undefined && live.priority !== undefined && entry.priority !== live.priority) {
    fields.push({ path: "priority", before: live.priority, after: entry.priority });
  }
  for (const path of ["deferDate", "dueDate"] as const) {
    const after = fixedDate(entry[path]);
    const before = live[path];
    if (after === undefined || before === undefined || after === before) continue;
    if (after === null || before === null || !sameInstant(after, before)) fields.push({ path, before, after });
  }
  if (entry.content !== undefined && live.content !== undefined) {
    fields.push(...diffFields(live.content, entry.content, { prefix: "content.", sensitive }));
  }
  return fields;
}

/** A relative time is of the moment of creation: it says nothing about an item that exists. */
function fixedDate(date: string | null | undefined): string | null | undefined {
  return date != null && isRelative(date) ? undefined : date;
}

function spellingWarnings(entry: QueueItemEntry, live: LiveQueueItem): string[] {
  if (live.reference === null || live.reference === entry.reference) return [];
  return [`the tenant spells the reference "${live.reference}", the manifest "${entry.reference}"`];
}

/** The paths that no view shows, as a change carries them. */
export function hidden(sensitive: ReadonlySet<string>): { sensitive?: readonly string[] } {
  return sensitive.size === 0 ? {} : { sensitive: [...sensitive].map((name) => `content.${name}`).toSorted() };
}

function pick<T extends object, K extends keyof T>(
  from: T,
  names: readonly K[],
): { [N in K]?: Exclude<T[N], undefined> } {
  const picked: { [N in K]?: Exclude<T[N], undefined> } = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) picked[name] = value as Exclude<T[K], undefined>;
  }
  return picked;
}
