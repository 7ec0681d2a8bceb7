import { apiVersion, type Edition } from "../editions.ts";
import { instantOf, millisecondsOf, type Instant } from "../instant.ts";
import { lives } from "../model/lifetimes.ts";
import type { Database } from "./database.ts";
import { addRetry, changeItem, queueById, status, type Author, type Item } from "./items.ts";
import { purge } from "./retention.ts";
import { abandonedItems, canRetry, secondsOf } from "./transactions.ts";
import { startByTrigger } from "./triggers.ts";

const nobody: Author = { userId: null, clientId: null };
const halfHour = 1_800_000;
const day = 86_400_000;

/**
 * What the server does by itself, made good before a call is answered: nothing of it shows between two calls, so it
 * need not happen at its time to have happened at its time.
 */
export function keepUp(db: Database, edition: Edition, now: Instant): void {
  const last = db.meta("upkeep");
  const due = abandonedItems(db, now);
  const halfHours = boundary(now, halfHour);
  if (due.length === 0 && last !== undefined && last >= halfHours) return;
  db.transaction(() => {
    for (const item of due) abandon(db, edition, item);
    db.setMeta("upkeep", halfHours);
    if (last === undefined || last >= halfHours) return;
    const midnight = boundary(now, day);
    if (last < midnight) purge(db, edition.retention, midnight);
    recheckTriggers(db, halfHours);
  });
}

/** The last time before or at `now` that is a whole multiple of a period: half hours and midnights, UTC. */
function boundary(now: Instant, period: number): Instant {
  const milliseconds = millisecondsOf(now);
  return instantOf(milliseconds - (milliseconds % period));
}

/** An item left behind; a queue of the cloud may try it again, and then it counts as retried. */
function abandon(db: Database, edition: Edition, item: Item): void {
  if (item.abandonsAt === null) return;
  const queue = queueById(db, item.queueId);
  const now = item.abandonsAt;
  const isRetried =
    lives("QueueDefinitionDto", "RetryAbandonedItems", apiVersion(edition)) &&
    queue.retryAbandoned &&
    canRetry(queue, item);
  const changes = { status: isRetried ? status.retried : status.abandoned, abandons_at: null };
  changeItem(db, item.id, changes, { action: isRetried ? "Retry" : "Status", now, author: nobody });
  if (!isRetried) return;
  const seconds = secondsOf(item, now);
  addRetry(db, item, { kind: "automatic", seconds, countsManual: true }, now, nobody);
}

/**
 * Items that could not start a job when they came, postponed ones and retries among them, are looked at every half
 * hour (queue triggers). Of several half hours that have passed only the last is made good.
 */
function recheckTriggers(db: Database, now: Instant): void {
  const queues = db.all("SELECT id FROM queues WHERE schedule_id IS NOT NULL ORDER BY id");
  const present = db.now;
  db.now = now; // what jobs are is a matter of the time
  try {
    for (const { id } of queues) startByTrigger(db, Number(id), now);
  } finally {
    db.now = present;
  }
}

/** The first moment of upkeep for a new tenant: what lies before its start is as the tenant file says. */
export function startUpkeep(db: Database, start: Instant): void {
  db.setMeta("upkeep", boundary(start, halfHour));
}
