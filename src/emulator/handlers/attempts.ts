import { guidParameter, query, type Call, type Routes } from "../http/route.ts";
import { queueItem } from "../model/entities.ts";
import type { Scope } from "../odata/read.ts";
import { inFolder } from "../store/folders.ts";
import { list, one } from "./answers.ts";

const entity = { folder: "read", options: "list" } as const;

/** The attempts of an item: they share its Key. */
export const attemptRoutes: Routes = {
  "GET QueueItems(key)/UiPath.Server.Configuration.OData.GetItemLastRetry": query(entity, (call) =>
    one(call, queueItem, "QueueItems", lastRetry(call, "o.id = ?", call.key), "QueueItem"),
  ),
  "GET QueueItems/UiPathODataSvc.GetItemLastRetryByKey(key)": query({ ...entity, versions: [20, Infinity] }, (call) =>
    one(
      call,
      queueItem,
      "QueueItems",
      lastRetry(call, "coalesce(o.own_key, o.key) = ?", guidParameter(call, "key")),
      "QueueItem",
    ),
  ),
  "GET QueueItems(key)/UiPathODataSvc.GetItemProcessingHistory": query(entity, (call) => {
    const { sql, values } = inFolder(call);
    const attempts = "t0.key = (SELECT o.key FROM items o WHERE o.id = ?)";
    const scope = { sql: `${attempts} AND ${sql}`, values: [call.key, ...values] };
    return list(call, queueItem, "QueueItems", scope);
  }),
};

/** The last attempt after an item; none when the item is the last itself. */
function lastRetry(call: Call, condition: string, value: number | string): Scope {
  const { sql, values } = inFolder(call);
  const last = `t0.id = (SELECT max(n.id) FROM items o JOIN items n ON n.key = o.key AND n.id > o.id WHERE ${condition})`;
  return { sql: `${last} AND ${sql}`, values: [value, ...values] };
}
