import { notFound, Refusal, unbound } from "../errors.ts";
import { choice, dto, integer, type Bound } from "../http/body.ts";
import { action, type Call, type Routes } from "../http/route.ts";
import { memberName, retentionAction } from "../model/enumerations.ts";
import { between } from "./limits.ts";
import { answerQueue, createQueue, queueFields, replaceQueue } from "./queues.ts";

const fields = {
  ...queueFields,
  RetentionAction: choice(retentionAction),
  RetentionPeriod: integer,
  RetentionBucketId: integer,
  StaleRetentionAction: choice(retentionAction),
  StaleRetentionPeriod: integer,
  StaleRetentionBucketId: integer,
};

type CommandBody = Bound<typeof fields>;
const namespace = "UiPath.Server.Configuration.OData";
const settings = {
  folder: "write",
  options: "none",
  versions: [16, Infinity],
  parameter: "command", // field reports print "command must not be null"
  body: dto("QueueCommand", fields),
} as const;
const longest = 180; // queue item retention policy: 1 to 180 days

/**
 * What Orchestrator's own pages send from 2023.4 on, in no document: a queue and its retention in one (field reports of
 * API 16, 17 and 20). In the cloud the period is required.
 */
export const queueCommandRoutes: Routes = {
  [`POST QueueDefinitions/${namespace}.CreateQueue`]: action(settings, (call, given) =>
    call.db.transaction(() => {
      const retention = retentionOf(call, given);
      const id = createQueue(call, given);
      call.db.update("queues", id, { ...retention });
      return answerQueue(call, id, call.edition.createdStatus);
    }),
  ),
  [`POST QueueDefinitions/${namespace}.EditQueue`]: action(settings, (call, given) =>
    call.db.transaction(() => {
      if (given.Id === undefined) throw unbound("command");
      const retention = retentionOf(call, given);
      replaceQueue({ ...call, key: given.Id }, given);
      call.db.update("queues", given.Id, { ...retention });
      return { status: 200 };
    }),
  ),
};

function retentionOf(call: Call, given: CommandBody): { final_days: number | null; stale_days: number | null } {
  if (call.edition.inCloud && given.RetentionPeriod === undefined) {
    throw new Refusal("InvalidArgument", "Invalid argument 'Period'");
  }
  for (const chosen of [given.RetentionAction, given.StaleRetentionAction]) {
    // A bucket that is not there cannot be archived to, and there are none here.
    if (chosen !== undefined && memberName(retentionAction, chosen) === "Archive") throw notFound("Bucket");
    if (chosen !== undefined && memberName(retentionAction, chosen) === "None" && call.edition.inCloud) {
      throw new Refusal("InvalidArgument", "Action cannot be None for Cloud");
    }
  }
  return {
    final_days: days("RetentionPeriod", given.RetentionPeriod),
    stale_days: days("StaleRetentionPeriod", given.StaleRetentionPeriod),
  };
}

function days(name: string, given: number | undefined): number | null {
  return given === undefined ? null : between(name, given, 1, longest);
}
