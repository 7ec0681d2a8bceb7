import { randomUUID } from "node:crypto";
import { ApiError } from "../errors.ts";
import { later, millisecondsOf, type Instant } from "../instant.ts";
import { eventAction, memberNumber } from "../model/enumerations.ts";
import { fold } from "../text.ts";
import { timeUuid } from "../uuid.ts";
import type { Database, Row, RowValue } from "./database.ts";

export const status = {
  new: 0,
  inProgress: 1,
  failed: 2,
  successful: 3,
  abandoned: 4,
  retried: 5,
  deleted: 6,
} as const;

/** Who a change is written down for. */
export interface Author {
  readonly userId: number | null;
  readonly clientId: string | null;
}

export interface Queue {
  readonly id: number;
  readonly name: string;
  readonly uniqueReferences: boolean;
  /** The index behind unique references is missing, so duplicates slip in (forum 800153, of 2021.10). */
  readonly brokenIndex: boolean;
  readonly maxRetries: number;
  readonly autoRetry: boolean;
  readonly retryAbandoned: boolean;
  readonly jsonSchema: string | undefined;
  readonly outputSchema: string | undefined;
  readonly analyticsSchema: string | undefined;
}

export interface Item {
  readonly id: number;
  readonly queueId: number;
  readonly key: string;
  readonly reference: string | null;
  readonly riskSlaDate: Instant | null;
  readonly status: number;
  readonly reviewStatus: number;
  readonly version: number;
  readonly retryNumber: number;
  readonly startProcessing: Instant | null;
  /** Seconds that its processing took, if it has ended. */
  readonly seconds: number;
  readonly abandonsAt: Instant | null;
}

/** What of an item the API can set. */
export interface ItemData {
  readonly reference: string | null;
  readonly priority: number;
  readonly content: string | null;
  readonly deferDate: Instant | null;
  readonly dueDate: Instant | null;
  readonly riskSlaDate: Instant | null;
  readonly progress: string | null;
  readonly parentOperationId: string | null;
}

const day = 86_400_000;

/** When an item that a robot has taken counts as left behind: after 24 hours (queue item statuses). */
export function abandonment(started: Instant): Instant {
  return later(started, day);
}

export type EventAction = "Create" | "Edit" | "Delete" | "Status" | "Retry";

export function queueByName(db: Database, name: string, folderId: number): Queue | undefined {
  const row = db.get("SELECT * FROM queue_rows WHERE name_folded = ? AND folder_id = ?", fold(name), folderId);
  return row && asQueue(row);
}

export function queueById(db: Database, id: number): Queue {
  const row = db.get("SELECT * FROM queues WHERE id = ?", id);
  if (!row) throw new ApiError(500, 0, `No queue ${id}.`);
  return asQueue(row);
}

/** An item as seen from a folder, or from anywhere. */
export function findItem(db: Database, id: number, folderId: number | undefined): Item | undefined {
  const row =
    folderId === undefined
      ? db.get("SELECT * FROM items WHERE id = ?", id)
      : db.get(
          "SELECT i.* FROM items i JOIN queue_folders q ON q.queue_id = i.queue_id WHERE i.id = ? AND q.folder_id = ?",
          id,
          folderId,
        );
  return row && asItem(row);
}

/**
 * Whether a unique queue would refuse the reference: deleted and retried items do not count (contract), and those that
 * retention has purged still do (forum 824363).
 */
export function isReferenceTaken(db: Database, queue: Queue, reference: string): boolean {
  if (queue.brokenIndex) return false;
  const folded = fold(reference);
  const used = "SELECT 1 FROM items WHERE queue_id = ? AND reference_folded = ? AND status NOT IN (?, ?)";
  const purged = "SELECT 1 FROM purged_references WHERE queue_id = ? AND reference_folded = ?";
  const values = [queue.id, folded, status.deleted, status.retried, queue.id, folded];
  return db.get(`SELECT 1 WHERE EXISTS (${used}) OR EXISTS (${purged})`, ...values) !== undefined;
}

/** Spelled out, as this is what a server is asked to do a million times. */
const inserting = `INSERT INTO items (key, queue_id, status, review_status, created, version, priority, content,
  defer_date, due_date, progress, reference, reference_folded, risk_sla_date, parent_operation_id)
  VALUES (?, ?, ${status.new}, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const noting = `INSERT INTO item_events (item_id, time, action, user_id, client_id, status, review_status)
  VALUES (?, ?, ${memberNumber(eventAction, "Create")}, ?, ?, ${status.new}, 0)`;

/** Adds an item; `version` is its RowVersion, of {@link nextVersion}. */
export function addItem(
  db: Database,
  queueId: number,
  data: ItemData,
  version: number,
  { now, author }: { readonly now: Instant; readonly author: Author },
): number {
  const { priority, content, deferDate, dueDate, progress, reference, riskSlaDate, parentOperationId } = data;
  const id = db.run(
    inserting,
    timeUuid(),
    queueId,
    now,
    version,
    priority,
    content,
    deferDate,
    dueDate,
    progress,
    reference,
    reference === null ? null : fold(reference),
    riskSlaDate,
    parentOperationId,
  );
  db.run(noting, id, now, author.userId, author.clientId);
  return id;
}

/** Why an item is tried again, and what the attempt that failed says of the next. */
export interface Retry {
  readonly kind: "automatic" | "manual";
  /** Seconds that the failed attempt took. */
  readonly seconds: number;
  /** Whether the version counts manual retries apart from automatic ones (since API 17.0). */
  readonly countsManual: boolean;
  readonly deferDate?: Instant | null;
  readonly dueDate?: Instant | null;
}

/** A new attempt of an item: it inherits the Key and the Reference (contract: Key), and has a UniqueKey of its own. */
export function addRetry(db: Database, item: Item, retry: Retry, now: Instant, author: Author): number {
  const columns =
    "key, queue_id, reference, reference_folded, priority, content, risk_sla_date, progress, parent_operation_id";
  const isApart = retry.kind === "manual" && retry.countsManual;
  const numbers = isApart
    ? "0, NULL, manual_retry_number + 1, id"
    : "retry_number + 1, id, manual_retry_number, manual_ancestor_id";
  const id = db.run(
    `INSERT INTO items (${columns}, defer_date, due_date, status, review_status, retry_number, ancestor_id,
       manual_retry_number, manual_ancestor_id, own_key, seconds_in_previous_attempts, created, version)
     SELECT ${columns}, coalesce(?, defer_date), coalesce(?, due_date), 0, 0, ${numbers}, ?, ?, ?, ?
     FROM items WHERE id = ?`,
    retry.deferDate ?? null,
    retry.dueDate ?? null,
    randomUUID(),
    Math.round(retry.seconds),
    now,
    nextVersion(db),
    item.id,
  );
  addEvent(db, id, "Create", now, author);
  return id;
}

export function dataColumns(data: ItemData): Readonly<Record<string, RowValue>> {
  return {
    priority: data.priority,
    content: data.content,
    defer_date: data.deferDate,
    due_date: data.dueDate,
    progress: data.progress,
  };
}

export function referenceColumns(reference: string | null): Readonly<Record<string, RowValue>> {
  return { reference, reference_folded: reference === null ? null : fold(reference) };
}

/** Changes an item: its RowVersion moves on and its history gets a row. */
export function changeItem(
  db: Database,
  id: number,
  changes: Readonly<Record<string, RowValue>>,
  event: { readonly action: EventAction; readonly now: Instant; readonly author: Author },
): void {
  db.update("items", id, { ...changes, modified: event.now, version: nextVersion(db) });
  addEvent(db, id, event.action, event.now, event.author);
}

function addEvent(db: Database, itemId: number, action: EventAction, now: Instant, author: Author): void {
  db.run(
    `INSERT INTO item_events (item_id, time, action, user_id, client_id, status, review_status, reviewer_id)
     SELECT id, ?, ?, ?, ?, status, review_status, reviewer_id FROM items WHERE id = ?`,
    now,
    memberNumber(eventAction, action),
    author.userId,
    author.clientId,
    itemId,
  );
}

/**
 * One number for the whole tenant, as SQL Server's rowversion: every change of any item takes the next. A bulk call
 * takes as many as it may need at once, and is given the first of them.
 */
export function nextVersion(db: Database, count = 1): number {
  const row = db.get("UPDATE row_version SET value = value + ? RETURNING value", count);
  return Number(row?.["value"]) - count + 1;
}

function asQueue(row: Row): Queue {
  return {
    id: Number(row["id"]),
    name: String(row["name"]),
    uniqueReferences: row["unique_references"] === 1,
    brokenIndex: row["broken_index"] === 1,
    maxRetries: Number(row["max_retries"]),
    autoRetry: row["auto_retry"] === 1,
    retryAbandoned: row["retry_abandoned"] === 1,
    jsonSchema: textOf(row["json_schema"]),
    outputSchema: textOf(row["output_schema"]),
    analyticsSchema: textOf(row["analytics_schema"]),
  };
}

function secondsBetween(start: Row[string] | undefined, end: Row[string] | undefined): number {
  if (typeof start !== "string" || typeof end !== "string") return 0;
  return (millisecondsOf(end) - millisecondsOf(start)) / 1000;
}

function textOf(value: Row[string] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function asItem(row: Row): Item {
  return {
    id: Number(row["id"]),
    queueId: Number(row["queue_id"]),
    key: String(row["key"]),
    reference: typeof row["reference"] === "string" ? row["reference"] : null,
    riskSlaDate: typeof row["risk_sla_date"] === "string" ? row["risk_sla_date"] : null,
    status: Number(row["status"]),
    reviewStatus: Number(row["review_status"]),
    version: Number(row["version"]),
    retryNumber: Number(row["retry_number"]),
    startProcessing: typeof row["start_processing"] === "string" ? row["start_processing"] : null,
    seconds: secondsBetween(row["start_processing"], row["end_processing"]),
    abandonsAt: typeof row["abandons_at"] === "string" ? row["abandons_at"] : null,
  };
}
