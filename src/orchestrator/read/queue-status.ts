import type { PlanFolder } from "../../core/plan.ts";
import type { QueueStatus } from "../../core/tenant-status.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { eq, str } from "../odata/filter.ts";
import { queryString } from "../odata/query.ts";
import { isRecord } from "../../core/json.ts";
import { number, text } from "./row.ts";

const path = "/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus";
const pageSize = 1000;

/**
 * What the queues of a folder are doing, by their statistics: not under the quota of lists. Rows have no Id that could
 * be paged by (Transactions requests, 2023.4), and queues are few: pages follow each other by `$skip`.
 */
export async function readQueueStatus(
  client: OrchestratorClient,
  folder: PlanFolder,
  name: string | undefined,
  signal: AbortSignal,
): Promise<QueueStatus[]> {
  const found: QueueStatus[] = [];
  for (let skip = 0; ; skip += pageSize) {
    const filter = name === undefined ? {} : { filter: eq("QueueDefinitionName", str(name)) };
    const query = queryString({ ...filter, top: pageSize, skip });
    const body = await client.get(path, { query, folder: folder.id, signal });
    const value = isRecord(body) && Array.isArray(body["value"]) ? body["value"] : [];
    const rows = value.filter(isRecord);
    found.push(...rows.map((row) => toStatus(row, folder)));
    if (rows.length < pageSize) return found;
  }
}

function toStatus(row: Readonly<Record<string, unknown>>, folder: PlanFolder): QueueStatus {
  const count = (name: string): number => number(row, name) ?? 0;
  const processed =
    count("SuccessfulTransactionsNo") + count("BusinessExceptionsNo") + count("ApplicationExceptionsNo");
  return {
    folder: folder.path,
    name: text(row, "QueueDefinitionName") ?? "",
    waiting: count("ItemsToProcess"),
    inProgress: count("ItemsInProgress"),
    successful: count("SuccessfulTransactionsNo"),
    businessExceptions: count("BusinessExceptionsNo"),
    applicationExceptions: count("ApplicationExceptionsNo"),
    meanSeconds: processed === 0 ? null : number(row, "ProcessingMeanTime"),
    lastProcessed: text(row, "LastProcessed"),
  };
}
