import { notFound } from "../errors.ts";
import { later } from "../instant.ts";
import { numberParameter, query, type Routes } from "../http/route.ts";
import { queueRecord } from "../model/entities.ts";
import { byKey, list } from "./answers.ts";

const hour = 3_600_000;
const [byMinute, byHour, byDay] = [1, 2, 3];

/**
 * What was processed of a queue: 0 is the last hour (contract), by minutes here; the last day comes by hours, more of
 * them by days. Spans in which nothing ended have no record.
 */
export const queueRecordRoutes: Routes = {
  "GET QueueProcessingRecords/UiPathODataSvc.RetrieveLastDaysProcessingRecords(daysNo,queueDefinitionId)": query(
    { folder: "read", options: "list" },
    (call) => {
      const queueId = numberParameter(call, "queueDefinitionId");
      const { sql, values } = byKey({ ...call, key: queueId });
      if (!call.db.get(`SELECT 1 FROM queue_rows t0 WHERE ${sql}`, ...values)) throw notFound("QueueDefinition");
      const days = numberParameter(call, "daysNo");
      const report = days === 0 ? byMinute : days === 1 ? byHour : byDay;
      const from = later(call.now, -(days === 0 ? hour : days * 24 * hour));
      const scope = {
        sql: "t0.queue_id = ? AND t0.report = ? AND t0.time >= ?",
        values: [queueId, report ?? 1, from],
      };
      return list(call, queueRecord, "QueueProcessingRecords", scope);
    },
  ),
};
