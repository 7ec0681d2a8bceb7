import { apiVersion } from "../editions.ts";
import { notFound, Refusal } from "../errors.ts";
import { parseJson } from "../json.ts";
import {
  array,
  choice,
  dto,
  flag,
  guid,
  instant,
  integer,
  map,
  object,
  text,
  type Bound,
  type Reader,
} from "../http/body.ts";
import { action, query, type Call, type Reply, type Routes } from "../http/route.ts";
import { release } from "../model/entities.ts";
import * as enumerations from "../model/enumerations.ts";
import type { Row } from "../store/database.ts";
import * as store from "../store/releases.ts";
import { byKey, one } from "./answers.ts";
import { atMost, between, required, sameId } from "./limits.ts";
import { tagsBody, tagsText } from "./tags.ts";
import { folderIn } from "./where.ts";

const settings = {
  ErrorRecordingEnabled: flag,
  Duration: integer,
  Frequency: integer,
  Quality: integer,
  AutoStartProcess: flag,
  AlwaysRunning: flag,
  AutopilotForRobots: map,
  AgentSettings: map,
};

const fields = {
  Key: text,
  ProcessKey: text,
  ProcessVersion: text,
  IsLatestVersion: flag,
  IsProcessDeleted: flag,
  Description: text,
  Name: text,
  EnvironmentId: integer,
  EnvironmentName: text,
  Environment: map,
  EntryPointId: integer,
  EntryPointPath: text,
  EntryPoint: map,
  InputArguments: text,
  EnvironmentVariables: text,
  ProcessType: text,
  SupportsMultipleEntryPoints: flag,
  RequiresUserInteraction: flag,
  IsConversational: flag,
  MinRequiredRobotVersion: text,
  IsAttended: flag,
  IsCompiled: flag,
  AutomationHubIdeaUrl: text,
  CurrentVersion: map,
  ReleaseVersions: array(map),
  Arguments: object({ Input: text, Output: text }),
  ProcessSettings: dto("ProcessSettingsDto", settings),
  VideoRecordingSettings: map,
  AutoUpdate: flag,
  HiddenForAttendedUser: flag,
  FeedId: guid,
  JobPriority: choice(enumerations.jobPriority),
  SpecificPriorityValue: integer,
  FolderKey: guid,
  OrganizationUnitId: integer,
  OrganizationUnitFullyQualifiedName: text,
  TargetFramework: choice(enumerations.targetFramework),
  RobotSize: text,
  Tags: tagsBody,
  RemoteControlAccess: choice(enumerations.remoteControlAccess),
  LastModificationTime: instant,
  LastModifierUserId: integer,
  CreationTime: instant,
  CreatorUserId: integer,
  Id: integer,
};

type ReleaseBody = Bound<typeof fields>;
const releaseBody: Reader<ReleaseBody> = dto("ReleaseDto", fields);
const write = { folder: "write", options: "none" } as const;
const body = { parameter: "releaseDto", body: releaseBody };

/** Processes (the API calls them releases): made of a package, replaced, changed, removed. */
export const releaseRoutes: Routes = {
  "POST Releases": action({ ...write, ...body }, create),
  "PUT Releases(key)": action({ ...write, ...body }, (call, given) => {
    const before = rowOf(call);
    sameId(given.Id, call.key);
    change(call, before, required("Name", given.Name, Infinity), {
      ...versionColumns(call, before, given),
      ...columnsOf(call, given),
    });
    // OpenAPI 15.0 and 16.0 answer the process, 20.0 nothing.
    return apiVersion(call.edition) < 20 ? one(call, release, "Releases", byKey(call), "Release") : { status: 200 };
  }),
  "PATCH Releases(key)": action({ ...write, ...body }, (call, given) => {
    const before = rowOf(call);
    sameId(given.Id, call.key);
    const name = given.Name === undefined ? String(before["name"]) : required("Name", given.Name, Infinity);
    const columns = Object.entries(columnsOf(call, given)).filter(([column]) => isGiven(given, column));
    change(call, before, name, { ...versionColumns(call, before, given), ...Object.fromEntries(columns) });
    return { status: 200 };
  }),
  "DELETE Releases(key)": query(write, remove),
};

function create(call: Call, given: ReleaseBody): Reply {
  const folder = folderIn(call);
  const name = required("Name", given.Name, Infinity);
  const made = packageOf(call, given.ProcessKey, given.ProcessVersion);
  const columns = { name, ...columnsOf(call, given) };
  return call.db.transaction(() => {
    checkName(call, name);
    const id = store.addRelease(call.db, folder.id, made, columns, call.now);
    return one(call, release, "Releases", byKey({ ...call, key: id }), "Release", 201);
  });
}

function change(call: Call, before: Row, name: string, columns: store.ReleaseColumns): void {
  call.db.transaction(() => {
    checkName(call, name, Number(before["id"]));
    const id = Number(before["id"]);
    call.db.update("releases", id, { name, ...columns });
    const { version } = columns;
    if (typeof version === "string" && version !== before["version"]) store.addVersion(call.db, id, version, call.now);
  });
}

function remove(call: Call): Reply {
  const id = Number(rowOf(call)["id"]);
  const use = store.releaseUse(call.db, id);
  if (use === "jobs") throw new Refusal("HasRunningJobs", "HasRunningJobs: the process has jobs that are not over.");
  if (use === "queues") throw new Refusal("HasDependentItems", "HasDependentItems: a queue belongs to the process.");
  call.db.transaction(() => store.removeRelease(call.db, id));
  return { status: 204 };
}

/** The package stays; its version may be another one that is there. */
function versionColumns(call: Call, before: Row, given: ReleaseBody): store.ReleaseColumns {
  const processKey = String(before["process_key"]);
  if (given.ProcessKey !== undefined && given.ProcessKey !== processKey) {
    throw new Refusal("FieldNotEditable", "The field ProcessKey cannot be edited.");
  }
  return store.packageColumns(packageOf(call, processKey, given.ProcessVersion ?? String(before["version"])));
}

function packageOf(call: Call, key: string | undefined, version: string | undefined): store.Package {
  const processKey = required("ProcessKey", key, Infinity);
  const wanted = required("ProcessVersion", version, Infinity);
  const found = store.findPackage(call.db, processKey, wanted);
  if (found) return found;
  const name = store.hasPackage(call.db, processKey) ? "VersionNotFound" : "PackageNotFound";
  throw new Refusal(name, `${name}: the feed has no package ${processKey} ${wanted}.`);
}

function columnsOf(call: Call, given: ReleaseBody): store.ReleaseColumns {
  const priority = priorityOf(given);
  return {
    description: given.Description ?? null,
    environment_id: environmentOf(call, given.EnvironmentId),
    input_arguments: argumentsOf(given.InputArguments),
    priority: priority < 30 ? 0 : priority < 60 ? 1 : 2,
    specific_priority: priority,
    auto_update: given.AutoUpdate ?? false,
    requires_user: given.RequiresUserInteraction ?? false,
    remote_control: given.RemoteControlAccess ?? 0,
    settings: given.ProcessSettings === undefined ? null : JSON.stringify(given.ProcessSettings),
    tags: tagsText(given.Tags),
  };
}

/** The members that a PATCH must have for a column to change. */
const members: Readonly<Record<string, readonly (keyof ReleaseBody)[]>> = {
  description: ["Description"],
  environment_id: ["EnvironmentId"],
  input_arguments: ["InputArguments"],
  priority: ["JobPriority", "SpecificPriorityValue"],
  specific_priority: ["JobPriority", "SpecificPriorityValue"],
  auto_update: ["AutoUpdate"],
  requires_user: ["RequiresUserInteraction"],
  remote_control: ["RemoteControlAccess"],
  settings: ["ProcessSettings"],
  tags: ["Tags"],
};

function isGiven(given: ReleaseBody, column: string): boolean {
  return (members[column] ?? []).some((member) => given[member] !== undefined);
}

/** The finer value wins where both are sent, as in an answer that a client sends back. */
function priorityOf({ JobPriority = 1, SpecificPriorityValue }: ReleaseBody): number {
  return between("SpecificPriorityValue", SpecificPriorityValue ?? [15, 45, 75][JobPriority], 1, 100);
}

function environmentOf(call: Call, id: number | undefined): number | null {
  if (id === undefined) return null;
  const sql = "SELECT 1 FROM environments WHERE id = ? AND folder_id = ?";
  if (!call.db.get(sql, id, folderIn(call).id)) throw notFound("Environment");
  return id;
}

/** Default arguments: a JSON object in a string of at most 10,000 characters (contract). */
function argumentsOf(given: string | undefined): string | null {
  if (given === undefined || given.trim() === "") return null;
  atMost("InputArguments", given, 10_000);
  try {
    const value = parseJson(given);
    if (typeof value === "object" && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)) return given;
  } catch {
    // no JSON at all: refused below
  }
  throw new Refusal("ArgumentValidation", "ArgumentValidation: InputArguments must be a JSON object.");
}

function checkName(call: Call, name: string, except?: number): void {
  if (!store.isReleaseNameTaken(call.db, name, folderIn(call).id, except)) return;
  throw new Refusal("NameAlreadyUsed", `The process name '${name}' is already used.`);
}

function rowOf(call: Call): Row {
  const { sql, values } = byKey(call);
  const row = call.db.get(`SELECT t0.* FROM release_rows t0 WHERE ${sql}`, ...values);
  if (!row) throw notFound("Release");
  return row;
}
