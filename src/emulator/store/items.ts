import { randomUUID } from "node:crypto";
import { ApiError } from "../errors.ts";
import type { Instant } from "../instant.ts";
import { eventAction, memberNumber } from "../model/enumerations.ts";
import { fold } from "../text.ts";
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
  readonly jsonSchema: string | undefined;
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

/** Whether a unique queue would refuse the reference: deleted and retried items do not count (contract). */
export function isReferenceTaken(db: Database, queueId: number, reference: string): boolean {
  const sql = "SELECT 1 FROM items WHERE queue_id = ? AND reference_folded = ? AND status NOT IN (?, ?) LIMIT 1";
  return db.get(sql, queueId, fold(reference), status.deleted, status.retried) !== undefined;
}

export function addItem(db: Database, queueId: number, data: ItemData, now: Instant, author: Author): number {
  const id = db.insert("items", {
    key: randomUUID(),
    queue_id: queueId,
    status: status.new,
    review_status: 0,
    created: now,
    version: nextVersion(db),
    ...dataColumns(data),
    ...referenceColumns(data.reference),
    risk_sla_date: data.riskSlaDate,
  });
  addEvent(db, id, "Create", now, author);
  return id;
}

/** A new attempt of an item: it inherits the Key and the Reference (contract: Key). */
export function addRetry(db: Database, item: Item, now: Instant, author: Author): number {
  const columns =
    "key, queue_id, reference, reference_folded, priority, content, defer_date, due_date, risk_sla_date, progress";
  const id = db.run(
    `INSERT INTO items (${columns}, status, review_status, retry_number, ancestor_id, created, version)
     SELECT ${columns}, 0, 0, retry_number + 1, id, ?, ? FROM items WHERE id = ?`,
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
  db.update("items", id, { ...changes, version: nextVersion(db) });
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

/** One number for the whole tenant, as SQL Server's rowversion: every change of any item takes the next. */
export function nextVersion(db: Database): number {
  const row = db.get("UPDATE row_version SET value = value + 1 RETURNING value");
  return Number(row?.["value"]);
}

function asQueue(row: Row): Queue {
  return {
    id: Number(row["id"]),
    name: String(row["name"]),
    uniqueReferences: row["unique_references"] === 1,
    jsonSchema: typeof row["json_schema"] === "string" ? row["json_schema"] : undefined,
  };
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
  };
}
