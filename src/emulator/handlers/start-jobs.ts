import { randomUUID } from "node:crypto";
import { apiVersion } from "../editions.ts";
import { ApiError, notFound, Refusal, unbound, type RefusalName } from "../errors.ts";
import { array, choice, dto, flag, guid, integer, map, object, text, type Bound, type Reader } from "../http/body.ts";
import { action, type Call, type Reply, type Route } from "../http/route.ts";
import { job } from "../model/entities.ts";
import * as enumerations from "../model/enumerations.ts";
import { lives } from "../model/lifetimes.ts";
import { asOf } from "../model/versions.ts";
import { readPage } from "../odata/read.ts";
import {
  addJob,
  beginningAt,
  releaseByKey,
  releaseByName,
  type JobPlace,
  type JobRequest,
  type Release,
} from "../store/jobs.ts";
import { contextOf } from "./answers.ts";
import { checkArguments } from "./arguments.ts";
import { checkMachines, chooseRobots, type MachineRobot } from "./robots.ts";

const machineFields = { MachineId: integer, MachineName: text, RobotId: integer, RobotUserName: text };

const fields = {
  ReleaseKey: text,
  ReleaseName: text,
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
  InputFile: guid,
  EnvironmentVariables: text,
  Reference: text,
  MachineRobots: array(object(machineFields)),
  Attachments: array(map),
  TargetFramework: choice(enumerations.targetFramework),
  ResumeOnSameContext: flag,
  BatchExecutionKey: guid,
  RequiresUserInteraction: flag,
  StopProcessExpression: text,
  StopStrategy: choice(enumerations.stopStrategy),
  KillProcessExpression: text,
  RemoteControlAccess: choice(enumerations.remoteControlAccess),
  AllowRemoteControl: flag,
  AlertPendingExpression: text,
  AlertRunningExpression: text,
  RunAsMe: flag,
  ParentOperationId: text,
  AutopilotForRobots: map,
  ProfilingOptions: text,
  FpsContext: text,
  FpsProperties: text,
  TraceId: text,
  ParentSpanId: text,
  RootSpanId: text,
  EntryPointPath: text,
  VideoRecordingSettings: map,
  MachineInfraTarget: map,
};

/** Texts that have a greatest length (OpenAPI 15.0, 16.0, 20.0). */
const lengths = {
  InputArguments: 10_000, // Jobs requests, 2022.10
  Reference: 128,
  EnvironmentVariables: 4000,
  ParentOperationId: 128,
  ProfilingOptions: 4000,
  FpsContext: 2048,
  FpsProperties: 4000,
  TraceId: 255,
  ParentSpanId: 255,
  RootSpanId: 255,
} as const;

type StartInfo = Bound<typeof fields>;
const startJobs: Reader<Bound<{ startInfo: Reader<StartInfo> }>> = object({
  startInfo: dto("StartProcessDto", fields),
});

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
    return robots.slice(0, call.rows).map((place) => addJob(call.db, request, place, call.now));
  });
  const scope = { sql: `t0.id IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(ids)] };
  const options = { ...call.options, top: ids.length, skip: 0, count: false };
  const { value } = readPage(call.db, asOf(job, call.edition), scope, options, "ASC");
  return { status: call.edition.createdStatus, body: { "@odata.context": contextOf(call, "Jobs"), value } };
}

/** Why a job would wait, by why it cannot be started: the contract's names are others (OpenAPI 20.0). */
const pendingReasons: Partial<Readonly<Record<RefusalName, string>>> = {
  InvalidStartJobRobotIds: "RobotNotAssignedToFolder",
  MaxNumberJobsAlreadyExist: "TemplateFullCapacity",
  NoRobotsAvailable: "RobotNotFound",
  PendingJobsAlreadyExist: "RobotBusy",
};

/** Says whether jobs could be started, without starting any. */
function validate(call: Call, info: StartInfo): Reply {
  const errors: string[] = [];
  const reasons: string[] = [];
  try {
    plan(call, info);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    errors.push(error.message);
    if (error instanceof Refusal) reasons.push(pendingReasons[error.reason] ?? "TemplateNoRuntime");
  }
  const context = contextOf(call, "UiPath.Server.Configuration.OData.ValidationResultDto");
  const isValid = errors.length === 0;
  const codes = lives("ValidationResultDto", "ErrorCodes", apiVersion(call.edition)) ? { ErrorCodes: reasons } : {};
  return { status: 200, body: { "@odata.context": context, IsValid: isValid, Errors: errors, ...codes } };
}

interface StartPlan {
  readonly request: JobRequest;
  /** A job for each. */
  readonly robots: readonly JobPlace[];
}

function plan(call: Call, info: StartInfo): StartPlan {
  const { folder } = call;
  if (!folder) throw new ApiError(500, 0, "A write without a folder.");
  checkInfo(info);
  const release = beginningAt(call.db, releaseOf(call, info, folder.id), info.EntryPointPath);
  if (!release) {
    const problem = `EntryPointNotValidForRelease: ${info.EntryPointPath ?? ""}`;
    throw new Refusal("EntryPointNotValidForRelease", problem);
  }
  const inputArguments = checkArguments(info.InputArguments, release);
  const robots = chooseRobots(call, folder, release, info);
  const pairs = info.MachineRobots ?? [];
  checkMachines(call, folder, pairs);
  return {
    robots: robots.map((robotId, index) => placed(robotId, pairs[index % pairs.length])),
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
      inputFile: info.InputFile ?? null,
      environmentVariables: info.EnvironmentVariables ?? null,
      entryPoint: info.EntryPointPath ?? null,
      limits: {
        stopAfter: seconds("StopProcessExpression", info.StopProcessExpression),
        killAfter: seconds("KillProcessExpression", info.KillProcessExpression),
      },
    },
  };
}

/** Jobs that any robot may take go to the pairs of the start in turn; no page says how they are shared. */
function placed(robotId: number | null, pair: MachineRobot = {}): JobPlace {
  if (robotId !== null) return { robotId };
  const place = { robotId: pair.RobotId ?? null };
  return pair.MachineId === undefined ? place : { ...place, machineId: pair.MachineId };
}

/** By its key; the name serves where there is none (OpenAPI 20.0). */
function releaseOf({ db }: Call, { ReleaseKey: key, ReleaseName: name }: StartInfo, folderId: number): Release {
  const found =
    key === undefined && name !== undefined ? releaseByName(db, name, folderId) : releaseByKey(db, key ?? "", folderId);
  if (found) return found;
  throw notFound(
    key === undefined && name !== undefined ? `The process '${name}'` : `The process with the key '${key ?? ""}'`,
  );
}

function invalidArgument(message: string): Refusal {
  return new Refusal("InvalidArgument", message);
}

function checkInfo(info: StartInfo): void {
  for (const [name, max] of Object.entries(lengths) as readonly [keyof typeof lengths, number][]) {
    if ((info[name]?.length ?? 0) <= max) continue;
    throw invalidArgument(`The field ${name} must be a string with a maximum length of ${max}.`);
  }
  if (info.InputArguments !== undefined && info.InputFile !== undefined) {
    throw invalidArgument("InputArguments and InputFile cannot be set both."); // Alerts troubleshooting: start jobs errors
  }
  if (info.JobPriority !== undefined && info.SpecificPriorityValue !== undefined) {
    throw invalidArgument("JobPriority and SpecificPriorityValue cannot be set both."); // Alerts troubleshooting: start jobs errors
  }
  const priority = info.SpecificPriorityValue ?? 1;
  if (priority < 1 || priority > 100)
    throw invalidArgument("The field SpecificPriorityValue must be between 1 and 100.");
}

/** Sources of a start that jobs know by another name (OpenAPI 20.0). */
const sourceNames: Readonly<Record<string, string>> = {
  HttpTriggerWithCallback: "HttpTriggerCallback",
  Assistant: "Agent",
};

function sourceType(source: number | undefined): number {
  const name = enumerations.startSource.members[source ?? 0] ?? "Manual";
  return enumerations.memberNumber(enumerations.jobSource, sourceNames[name] ?? name);
}

/** "Number of seconds after which a running process will be stopped" (contract). */
function seconds(name: string, expression: string | undefined): number | null {
  if (expression === undefined || expression === "") return null;
  if (!/^\d{1,9}$/.test(expression)) throw new Refusal("InvalidArgument", `${name} must be a number of seconds.`);
  return Number(expression) * 1000;
}
