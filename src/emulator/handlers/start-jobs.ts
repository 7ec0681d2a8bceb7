import { randomUUID } from "node:crypto";
import { ApiError, notFound, Refusal, unbound } from "../errors.ts";
import { array, choice, flag, guid, integer, object, text, type Bound, type Reader } from "../http/body.ts";
import { action, type Call, type Reply, type Route } from "../http/route.ts";
import { job } from "../model/entities.ts";
import * as enumerations from "../model/enumerations.ts";
import { readPage } from "../odata/read.ts";
import { addJob, releaseByKey, type JobRequest } from "../store/jobs.ts";
import { contextOf } from "./answers.ts";
import { checkArguments } from "./arguments.ts";
import { checkMachines, chooseRobots } from "./robots.ts";

const machineFields = { MachineId: integer, MachineName: text, RobotId: integer, RobotUserName: text };

const fields = {
  ReleaseKey: text,
  Strategy: choice(enumerations.startStrategy),
  RobotIds: array(integer),
  MachineSessionIds: array(integer),
  NoOfRobots: integer,
  JobsCount: integer,
  Source: choice(enumerations.startSource),
  JobPriority: choice(enumerations.jobPriority),
  SpecificPriorityValue: integer,
  RuntimeType: choice(enumerations.runtimeType),
  InputArguments: text,
  Reference: text,
  MachineRobots: array(object(machineFields)),
  TargetFramework: choice(enumerations.targetFramework),
  ResumeOnSameContext: flag,
  BatchExecutionKey: guid,
  RequiresUserInteraction: flag,
  StopProcessExpression: text,
  StopStrategy: choice(enumerations.stopStrategy),
  KillProcessExpression: text,
  RemoteControlAccess: choice(enumerations.remoteControlAccess),
  AlertPendingExpression: text,
  AlertRunningExpression: text,
  RunAsMe: flag,
};

/** StartProcessDto of API 16.0. */
type StartInfo = Bound<typeof fields>;
const startJobs: Reader<Bound<{ startInfo: Reader<StartInfo> }>> = object({ startInfo: object(fields) });

const maxArguments = 10_000; // Jobs requests, 2022.10; the contract's maxLength

export const startJobRoutes: Readonly<Record<string, Route>> = {
  "POST Jobs/UiPath.Server.Configuration.OData.StartJobs": action(
    { folder: "write", options: "list", parameter: "startJobParameters", body: startJobs },
    (call, { startInfo }) => {
      if (!startInfo) throw unbound("startInfo");
      return start(call, startInfo);
    },
  ),
  "POST Jobs/UiPath.Server.Configuration.OData.ValidateDynamicJob": action(
    { folder: "write", options: "entity", parameter: "startJobParameters", body: startJobs },
    (call, { startInfo }) => {
      if (!startInfo) throw unbound("startInfo");
      return validate(call, startInfo);
    },
  ),
};

function start(call: Call, info: StartInfo): Reply {
  const ids = call.db.transaction(() => {
    const { request, robots } = plan(call, info);
    return robots.map((robotId) => addJob(call.db, request, robotId, call.now));
  });
  const scope = { sql: `t0.id IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(ids)] };
  const options = { ...call.options, top: ids.length, skip: 0, count: false };
  const { value } = readPage(call.db, job, scope, options, "ASC");
  return { status: call.edition.createdStatus, body: { "@odata.context": contextOf(call, "Jobs"), value } };
}

/** Says whether jobs could be started, without starting any. */
function validate(call: Call, info: StartInfo): Reply {
  const errors: string[] = [];
  try {
    plan(call, info);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    errors.push(error.message);
  }
  const context = contextOf(call, "UiPath.Server.Configuration.OData.ValidationResultDto");
  return { status: 200, body: { "@odata.context": context, IsValid: errors.length === 0, Errors: errors } };
}

interface StartPlan {
  readonly request: JobRequest;
  /** A job for each; null where any robot may take it. */
  readonly robots: readonly (number | null)[];
}

function plan(call: Call, info: StartInfo): StartPlan {
  const { db, folder } = call;
  if (!folder) throw new ApiError(500, 0, "A write without a folder.");
  checkInfo(info);
  const release = releaseByKey(db, info.ReleaseKey ?? "", folder.id);
  if (!release) throw notFound(`The process with the key '${info.ReleaseKey ?? ""}'`);
  const inputArguments = checkArguments(info.InputArguments, release);
  const robots = chooseRobots(call, folder, release, info);
  checkMachines(call, folder, info.MachineRobots ?? []);
  return {
    robots,
    request: {
      folderId: folder.id,
      release,
      batchKey: info.BatchExecutionKey ?? randomUUID(),
      reference: info.Reference ?? null,
      source: "Manual",
      sourceType: sourceType(info.Source),
      priority: info.JobPriority ?? 1,
      specificPriority: info.SpecificPriorityValue ?? [15, 45, 75][info.JobPriority ?? 1] ?? 45,
      runtimeType: info.RuntimeType ?? enumerations.memberNumber(enumerations.runtimeType, "Unattended"),
      stopStrategy: info.StopStrategy ?? null,
      requiresUser: info.RequiresUserInteraction ?? false,
      inputArguments,
      limits: {
        stopAfter: seconds("StopProcessExpression", info.StopProcessExpression),
        killAfter: seconds("KillProcessExpression", info.KillProcessExpression),
      },
    },
  };
}

function invalidArgument(message: string): Refusal {
  return new Refusal("InvalidArgument", message);
}

function checkInfo(info: StartInfo): void {
  if ((info.InputArguments?.length ?? 0) > maxArguments) {
    throw invalidArgument(`The field InputArguments must be a string with a maximum length of ${maxArguments}.`);
  }
  if ((info.Reference?.length ?? 0) > 128) {
    throw invalidArgument("The field Reference must be a string with a maximum length of 128.");
  }
  if (info.JobPriority !== undefined && info.SpecificPriorityValue !== undefined) {
    throw invalidArgument("JobPriority and SpecificPriorityValue cannot be set both."); // Alerts troubleshooting: start jobs errors
  }
  const priority = info.SpecificPriorityValue ?? 1;
  if (priority < 1 || priority > 100)
    throw invalidArgument("The field SpecificPriorityValue must be between 1 and 100.");
}

function sourceType(source: number | undefined): number {
  const name = enumerations.startSource.members[source ?? 0] ?? "Manual";
  return enumerations.memberNumber(enumerations.jobSource, name);
}

/** "Number of seconds after which a running process will be stopped" (contract). */
function seconds(name: string, expression: string | undefined): number | null {
  if (expression === undefined || expression === "") return null;
  if (!/^\d{1,9}$/.test(expression)) throw new Refusal("InvalidArgument", `${name} must be a number of seconds.`);
  return Number(expression) * 1000;
}
