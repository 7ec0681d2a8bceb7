import { randomUUID } from "node:crypto";
import type { Instant } from "../instant.ts";
import { fold } from "../text.ts";
import type { Database, RowValue } from "./database.ts";

/** What of a queue definition the API can set. */
export interface QueueDefinition {
  readonly name: string;
  readonly description: string | null;
  readonly maxRetries: number;
  readonly autoRetry: boolean;
  readonly retryAbandoned: boolean;
  readonly uniqueReferences: boolean;
  readonly encrypted: boolean;
  readonly contentSchema: string | null;
  readonly outputSchema: string | null;
  readonly analyticsSchema: string | null;
  readonly slaMinutes: number;
  readonly riskSlaMinutes: number;
  readonly releaseId: number | null;
  readonly tags: string;
}

export function addQueue(db: Database, folderId: number, definition: QueueDefinition, now: Instant): number {
  const id = db.insert("queues", { key: randomUUID(), created: now, ...columnsOf(definition) });
  db.insert("queue_folders", { queue_id: id, folder_id: folderId });
  return id;
}

export function changeQueue(db: Database, id: number, definition: QueueDefinition): void {
  const { releaseId } = definition;
  const before = db.get("SELECT release_id FROM queues WHERE id = ?", id)?.["release_id"];
  // A trigger belongs to its process: with another process, or none, it is gone.
  const trigger = before === releaseId ? {} : { schedule_id: null };
  db.update("queues", id, { ...columnsOf(definition), ...trigger });
}

/** A queue that is removed is in no folder any more. Its row stays: items keep their queue. */
export function removeQueue(db: Database, id: number): void {
  db.run("DELETE FROM queue_folders WHERE queue_id = ?", id);
  db.update("queues", id, { release_id: null, schedule_id: null });
}

/** The choices of a queue's creation, which stay. */
export function creationOf(
  db: Database,
  id: number,
): { readonly uniqueReferences: boolean; readonly encrypted: boolean } {
  const row = db.get("SELECT unique_references, encrypted FROM queues WHERE id = ?", id);
  return { uniqueReferences: row?.["unique_references"] === 1, encrypted: row?.["encrypted"] === 1 };
}

/** Whether one of the folders of a queue, or a given folder, has another queue of this name. */
export function isQueueNameTaken(db: Database, name: string, folderIds: readonly number[], except?: number): boolean {
  const sql = `SELECT 1 FROM queue_rows WHERE name_folded = ? AND id IS NOT ?
    AND folder_id IN (SELECT value FROM json_each(?)) LIMIT 1`;
  return db.get(sql, fold(name), except ?? null, JSON.stringify(folderIds)) !== undefined;
}

function columnsOf(definition: QueueDefinition): Readonly<Record<string, RowValue>> {
  return {
    name: definition.name,
    name_folded: fold(definition.name),
    description: definition.description,
    max_retries: definition.maxRetries,
    auto_retry: definition.autoRetry,
    retry_abandoned: definition.retryAbandoned,
    unique_references: definition.uniqueReferences,
    encrypted: definition.encrypted,
    json_schema: definition.contentSchema,
    output_schema: definition.outputSchema,
    analytics_schema: definition.analyticsSchema,
    sla_minutes: definition.slaMinutes,
    risk_sla_minutes: definition.riskSlaMinutes,
    release_id: definition.releaseId,
    tags: definition.tags,
  };
}
