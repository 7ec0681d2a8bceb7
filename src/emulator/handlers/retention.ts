import { apiVersion } from "../editions.ts";
import { notFound, Refusal } from "../errors.ts";
import { choice, dto, integer, type Bound } from "../http/body.ts";
import { action, query, type Call, type Reply, type Routes } from "../http/route.ts";
import { queueRetention } from "../model/entities.ts";
import { memberName, memberNumber, retentionAction, retentionType } from "../model/enumerations.ts";
import { lives } from "../model/lifetimes.ts";
import { enumerationNumber } from "../odata/operands.ts";
import type { Scope } from "../odata/read.ts";
import { inFolder } from "../store/folders.ts";
import { list, one } from "./answers.ts";
import { between, sameId } from "./limits.ts";
import { folderIn } from "./where.ts";

const fields = {
  QueueDefinitionId: integer,
  Action: choice(retentionAction),
  Period: integer,
  BucketId: integer,
  Type: choice(retentionType),
};
const write = { folder: "write", options: "none" } as const;
const columns = ["final_days", "stale_days"] as const;
const longest = 180; // queue item retention policy: 1 to 180 days

/** When items of a queue are purged; the key is the queue's. */
export const retentionRoutes: Routes = {
  "GET QueueRetention": query({ folder: "read", options: "list" }, (call) =>
    list(call, queueRetention, "QueueRetention", known(call)),
  ),
  "GET QueueRetention(key)": query({ folder: "read", options: "entity", plain: ["retentionType"] }, (call) => {
    const type = enumerationNumber(retentionType.members, call.given.get("retentionType") ?? "Final");
    if (type === undefined) throw new Refusal("InvalidArgument", "The value of retentionType is not valid.");
    return one(call, queueRetention, "QueueRetention", ofQueue(call, type), "QueueDefinition");
  }),
  "PUT QueueRetention(key)": action(
    { ...write, parameter: "retentionSettingDto", body: dto("QueueRetentionSettingDto", fields) },
    replace,
  ),
  "DELETE QueueRetention(key)": query(write, (call) => {
    checkQueue(call);
    call.db.update("queues", call.key, { final_days: null, stale_days: null });
    return { status: 204 };
  }),
};

function replace(call: Call, body: Bound<typeof fields>): Reply {
  checkQueue(call);
  sameId(body.QueueDefinitionId, call.key);
  const chosen = memberName(retentionAction, body.Action ?? 0);
  if (chosen === "None") throw new Refusal("InvalidArgument", "Action cannot be None for Cloud");
  // A bucket that is not there cannot be archived to, and there are none here.
  if (chosen === "Archive") throw notFound("Bucket");
  const column = columns[body.Type ?? memberNumber(retentionType, "Final")] ?? columns[0];
  call.db.update("queues", call.key, { [column]: between("Period", body.Period, 1, longest) });
  return { status: 200 };
}

/** Retention of new items came with a later version. */
function known(call: Call): Scope {
  const { sql, values } = inFolder(call);
  return lives("QueueRetentionSettingDto", "Type", apiVersion(call.edition))
    ? { sql, values }
    : { sql: `${sql} AND t0.retention_type = 0`, values };
}

function ofQueue(call: Call, type: number): Scope {
  const { sql, values } = known(call);
  return { sql: `${sql} AND t0.id = ? AND t0.retention_type = ?`, values: [...values, call.key, type] };
}

function checkQueue(call: Call): void {
  const there = "SELECT 1 FROM queue_folders WHERE queue_id = ? AND folder_id = ?";
  if (!call.db.get(there, call.key, folderIn(call).id)) throw notFound("QueueDefinition");
}
