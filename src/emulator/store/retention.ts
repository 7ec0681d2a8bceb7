import { later, type Instant } from "../instant.ts";
import type { Database, Row } from "./database.ts";
import { status } from "./items.ts";

/** Days after which things are purged where a queue or process says nothing; undefined is never. */
export interface Retention {
  readonly finalDays: number | undefined;
  readonly newDays: number | undefined;
  readonly jobDays: number | undefined;
}

const day = 86_400_000;
const final = [status.failed, status.successful, status.abandoned, status.retried, status.deleted];
const waiting = [status.new];

/**
 * The daily purge. Purged rows are gone from every answer; what stays is that a unique queue takes none of their
 * references again, those of deleted and retried items aside (queue item retention policy; forum 824363).
 */
export function purge(db: Database, retention: Retention, midnight: Instant): void {
  for (const queue of db.all("SELECT id, final_days, stale_days, unique_references FROM queues")) {
    purgeItems(db, queue, final, cutoff(queue["final_days"], retention.finalDays, midnight));
    purgeItems(db, queue, waiting, cutoff(queue["stale_days"], retention.newDays, midnight));
  }
  for (const release of db.all("SELECT id, retention_days FROM releases")) {
    const until = cutoff(release["retention_days"], retention.jobDays, midnight);
    if (until !== undefined)
      db.run("DELETE FROM jobs WHERE release_id = ? AND ends_at <= ?", release["id"] ?? 0, until);
  }
}

function cutoff(own: Row[string] | undefined, general: number | undefined, midnight: Instant): Instant | undefined {
  const days = typeof own === "number" ? own : general;
  return days === undefined ? undefined : later(midnight, -days * day);
}

/** Items count from their last change, else from the end, the start, the creation (queue item retention policy). */
function purgeItems(db: Database, queue: Row, states: readonly number[], until: Instant | undefined): void {
  if (until === undefined) return;
  const those = `SELECT id FROM items WHERE queue_id = ? AND status IN (${states.join(", ")})
    AND coalesce(modified, end_processing, start_processing, created) <= ?`;
  const values = [queue["id"] ?? 0, until] as const;
  if (queue["unique_references"] === 1) {
    db.run(
      `INSERT OR IGNORE INTO purged_references (queue_id, reference_folded)
       SELECT queue_id, reference_folded FROM items
       WHERE id IN (${those}) AND reference_folded IS NOT NULL AND status NOT IN (?, ?)`,
      ...values,
      status.deleted,
      status.retried,
    );
  }
  for (const table of ["item_comments", "item_events"]) {
    db.run(`DELETE FROM ${table} WHERE item_id IN (${those})`, ...values);
  }
  db.run(`DELETE FROM items WHERE id IN (${those})`, ...values);
}
