import { millisecondsOf, type Instant } from "../instant.ts";
import { fold, foldCase } from "../text.ts";
import type { Database, RowValue } from "./database.ts";
import { abandonment, addRetry, changeItem, findItem, status, type Author, type Item, type Queue } from "./items.ts";

/** Which reference a robot asks for. */
export interface ReferenceFilter {
  readonly reference: string;
  readonly strategy: "Equals" | "StartsWith";
}

/**
 * The item that a robot gets next: of those that wait, not postponed, the one with the earliest due date, items without
 * one behind all others; then by priority; then the oldest (About queues and transactions).
 */
export function nextItem(db: Database, queueId: number, now: Instant, filter?: ReferenceFilter): number | undefined {
  const { sql, values } = referenceCondition(filter);
  const row = db.get(
    `SELECT id FROM items WHERE queue_id = ? AND status = ? AND (defer_date IS NULL OR defer_date <= ?) AND ${sql}
     ORDER BY due_date IS NULL, due_date, priority, id LIMIT 1`,
    queueId,
    status.new,
    now,
    ...values,
  );
  return row && Number(row["id"]);
}

function referenceCondition(filter: ReferenceFilter | undefined): {
  readonly sql: string;
  readonly values: readonly RowValue[];
} {
  if (!filter) return { sql: "1", values: [] };
  if (filter.strategy === "Equals") return { sql: "reference_folded = ?", values: [fold(filter.reference)] };
  return { sql: "starts_with(fold_case(reference), ?)", values: [foldCase(filter.reference)] };
}

/** A robot takes an item. */
export function takeItem(db: Database, id: number, robotId: number | null, now: Instant, author: Author): void {
  const changes = {
    status: status.inProgress,
    robot_id: robotId,
    start_processing: now,
    abandons_at: abandonment(now),
  };
  changeItem(db, id, changes, { action: "Status", now, author });
}

/** What a robot says of an item that it has processed; JSON where it is data. */
export interface Outcome {
  readonly successful: boolean;
  readonly exception: string | null;
  /** 0: application, 1: business. */
  readonly exceptionType: number | null;
  readonly output: string | null;
  readonly analytics: string | null;
  readonly progress: string | undefined;
  readonly operationId: string | null;
  /** For the next attempt. */
  readonly deferDate: Instant | null;
  readonly dueDate: Instant | null;
}

const applicationException = 0;

/**
 * Ends an item's processing. An application exception is tried again where the queue does so and has attempts left; a
 * business exception never is (About queues and transactions).
 */
export function endItem(
  db: Database,
  item: Item,
  queue: Queue,
  outcome: Outcome,
  countsManual: boolean,
  now: Instant,
  author: Author,
): void {
  const isRetried = !outcome.successful && outcome.exceptionType === applicationException && canRetry(queue, item);
  const failed = isRetried ? status.retried : status.failed;
  const changes = {
    status: outcome.successful ? status.successful : failed,
    exception: outcome.exception,
    exception_type: outcome.exceptionType,
    output: outcome.output,
    analytics: outcome.analytics,
    operation_id: outcome.operationId,
    end_processing: now,
    abandons_at: null,
    ...(outcome.progress === undefined ? {} : { progress: outcome.progress }),
  };
  changeItem(db, item.id, changes, { action: isRetried ? "Retry" : "Status", now, author });
  if (!isRetried) return;
  const { deferDate, dueDate } = outcome;
  const seconds = secondsOf(item, now);
  addRetry(db, item, { kind: "automatic", seconds, countsManual, deferDate, dueDate }, now, author);
}

/** Puts an item back for later, as the activity Postpone Transaction Item does. */
export function postponeItem(
  db: Database,
  item: Item,
  deferDate: Instant,
  dueDate: Instant | null,
  now: Instant,
  author: Author,
): void {
  const changes = {
    status: status.new,
    defer_date: deferDate,
    ...(dueDate === null ? {} : { due_date: dueDate }),
    robot_id: null,
    start_processing: null,
    abandons_at: null,
  };
  changeItem(db, item.id, changes, { action: "Status", now, author });
}

/** Whether a queue tries an item again by itself. */
export function canRetry(queue: Queue, item: Item): boolean {
  return queue.autoRetry && item.retryNumber < queue.maxRetries;
}

export function secondsOf({ startProcessing }: Item, end: Instant): number {
  return startProcessing === null ? 0 : (millisecondsOf(end) - millisecondsOf(startProcessing)) / 1000;
}

/** The robot that an identifier means: by its key, or by its name, which third-party clients send. */
export function robotOf(db: Database, identifier: string | undefined): number | null {
  if (identifier === undefined) return null;
  const folded = fold(identifier);
  const row = db.get("SELECT id FROM robots WHERE key = ? OR fold(name) = ? ORDER BY key <> ?", folded, folded, folded);
  return row ? Number(row["id"]) : null;
}

/** Items that robots have left behind by now, in the order in which that happened. */
export function abandonedItems(db: Database, now: Instant): readonly Item[] {
  const rows = db.all(
    "SELECT id FROM items WHERE status = ? AND abandons_at <= ? ORDER BY abandons_at, id",
    status.inProgress,
    now,
  );
  return rows.flatMap((row) => findItem(db, Number(row["id"]), undefined) ?? []);
}
