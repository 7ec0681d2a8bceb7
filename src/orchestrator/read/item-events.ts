import type { ItemEvent } from "../../core/listing.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { queryString } from "../odata/query.ts";
import { number, rowsOf, text, type Row } from "./row.ts";

const pageSize = 100;

/** All events of an item and of the attempts before it, the oldest first (Transactions requests, 2023.4). */
export async function readItemEvents(
  client: OrchestratorClient,
  folder: number,
  id: number,
  signal: AbortSignal,
): Promise<ItemEvent[]> {
  const call = `/odata/QueueItemEvents/UiPath.Server.Configuration.OData.GetQueueItemEventsHistory(queueItemId=${id})`;
  const found = new Map<number, ItemEvent>();
  for (let skip = 0; ; skip += pageSize) {
    // What has happened is not changed any more, so nothing moves between two pages.
    const query = queryString({ orderBy: "Timestamp", top: pageSize, skip });
    const rows = rowsOf(await client.get(call, { query, folder, signal }));
    for (const row of rows) found.set(row.Id, toEvent(row));
    if (rows.length < pageSize) return [...found.values()];
  }
}

function toEvent(row: Row): ItemEvent {
  const reviewerId = number(row, "ReviewerUserId");
  return {
    id: row.Id,
    at: text(row, "Timestamp") ?? "",
    action: text(row, "Action") ?? "",
    status: text(row, "Status"),
    reviewStatus: text(row, "ReviewStatus"),
    reviewer: text(row, "ReviewerUserName") ?? (reviewerId === null ? null : `user ${reviewerId}`),
    user: text(row, "UserName"),
  };
}
