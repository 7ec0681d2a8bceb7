import type { LiveQueue } from "../../kinds/queue-items/live.ts";
import { nameListing, type Pager } from "./pages.ts";
import { number, text, type Row } from "./row.ts";

export interface QueueRow {
  readonly queue: LiveQueue;
  /** The process that a queue trigger starts. */
  readonly triggerReleaseId?: number;
}

/** The queues of a folder. A filter by name is refused by some builds, so they are listed (field report). */
export async function readQueues(pager: Pager, folder: number, signal: AbortSignal): Promise<QueueRow[]> {
  return (await pager.all(nameListing("/odata/QueueDefinitions", signal, folder))).map(toQueue);
}

function toQueue(row: Row): QueueRow {
  const contentSchema = text(row, "SpecificDataJsonSchema") ?? "";
  const retries = row["AcceptAutomaticallyRetry"] === true ? (number(row, "MaxNumberOfRetries") ?? 0) : 0;
  // A process alone may be there for the queue's SLA; a schedule makes it a trigger (OpenAPI 16.0).
  const hasTrigger = number(row, "ProcessScheduleId") !== null;
  const queue: LiveQueue = {
    id: row.Id,
    name: text(row, "Name") ?? "",
    enforceUniqueReference: row["EnforceUniqueReference"] === true,
    ...(contentSchema.trim() === "" ? {} : { contentSchema }),
    ...(retries === 0 ? {} : { retries }),
    ...(hasTrigger ? { hasTrigger } : {}),
  };
  const release = number(row, "ReleaseId");
  return release === null || !hasTrigger ? { queue } : { queue, triggerReleaseId: release };
}
