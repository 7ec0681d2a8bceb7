import { randomUUID } from "node:crypto";
import type { Instant } from "../instant.ts";
import { fold } from "../text.ts";
import type { Database, Row } from "./database.ts";
import { versionOf } from "./releases.ts";
import { courseOf, runFor, stopping, type Course, type RunLimits, type RunRule } from "./runs.ts";

export interface Release {
  readonly id: number;
  readonly name: string;
  readonly environmentId: number | null;
  readonly inputArguments: string | null;
  /** Input arguments as the process declares them, or undefined when it declares nothing. */
  readonly parameters: readonly Parameter[] | undefined;
  /** What it is made of. */
  readonly package: { readonly keyFolded: string; readonly version: string };
  readonly rule: RunRule;
}

/** An input argument of a process, as `Release.Arguments.Input` lists it. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly hasDefault: boolean;
}

/** A job to be created; what all jobs of one start share. */
export interface JobRequest {
  readonly folderId: number;
  readonly release: Release;
  readonly batchKey: string;
  readonly reference: string | null;
  readonly source: string;
  readonly sourceType: number;
  readonly priority: number;
  readonly specificPriority: number;
  readonly runtimeType: number;
  readonly stopStrategy: number | null;
  readonly requiresUser: boolean;
  readonly inputArguments: string | null;
  readonly inputFile?: string | null;
  readonly environmentVariables?: string | null;
  readonly entryPoint?: string | null;
  readonly limits: RunLimits;
}

export interface Job {
  readonly id: number;
  readonly state: number;
  readonly releaseId: number;
  readonly inputArguments: string | null;
}

export const state = {
  pending: 0,
  running: 1,
  stopping: 2,
  terminating: 3,
  faulted: 4,
  successful: 5,
  stopped: 6,
  suspended: 7,
  resumed: 8,
} as const;

export function releaseByKey(db: Database, key: string, folderId: number): Release | undefined {
  const row = db.get("SELECT * FROM release_rows WHERE key = ? AND folder_id = ?", key.toLowerCase(), folderId);
  return row && asRelease(row);
}

/** Names are unique in their folder, in any case. */
export function releaseByName(db: Database, name: string, folderId: number): Release | undefined {
  const row = db.get("SELECT * FROM release_rows WHERE fold(name) = ? AND folder_id = ?", fold(name), folderId);
  return row && asRelease(row);
}

export function releaseById(db: Database, id: number): Release | undefined {
  const row = db.get("SELECT * FROM releases WHERE id = ?", id);
  return row && asRelease(row);
}

/** The robots that a folder has, by Id; of an environment if one is given. */
export function robotsOf(db: Database, folderId: number, environmentId: number | null): readonly number[] {
  const rows =
    environmentId === null
      ? db.all("SELECT robot_id AS id FROM robot_folders WHERE folder_id = ? ORDER BY robot_id", folderId)
      : db.all(
          "SELECT robot_id AS id FROM environment_robots WHERE environment_id = ? ORDER BY robot_id",
          environmentId,
        );
  return rows.map((row) => Number(row["id"]));
}

export function hasPendingJob(db: Database, releaseId: number, robotId: number): boolean {
  const sql = "SELECT 1 FROM job_rows WHERE release_id = ? AND robot_id = ? AND state = 0 LIMIT 1";
  return db.get(sql, releaseId, robotId) !== undefined;
}

/** Who runs a job; null where any robot, or any machine, may take it. */
export interface JobPlace {
  readonly robotId: number | null;
  readonly machineId?: number;
}

export function addJob(db: Database, request: JobRequest, { robotId, machineId }: JobPlace, now: Instant): number {
  const run = runFor(request.release.rule, request.release.inputArguments, request.inputArguments);
  return db.insert("jobs", {
    key: randomUUID(),
    folder_id: request.folderId,
    release_id: request.release.id,
    robot_id: robotId,
    machine_id: machineId ?? machineOf(db, robotId),
    batch_key: request.batchKey,
    reference: request.reference,
    source: request.source,
    source_type: request.sourceType,
    priority: request.priority,
    specific_priority: request.specificPriority,
    runtime_type: request.runtimeType,
    stop_strategy: request.stopStrategy,
    requires_user: request.requiresUser,
    input_arguments: request.inputArguments,
    input_file: request.inputFile,
    environment_variables: request.environmentVariables,
    entry_point: request.entryPoint,
    version_id: versionOf(db, request.release.id),
    created: now,
    ...courseOf(run, now, request.limits),
  });
}

/** The Id of the machine that a robot is on. */
export function machineOf(db: Database, robotId: number | null): number | null {
  const row = db.get("SELECT machine_id FROM robots WHERE id = ?", robotId);
  return typeof row?.["machine_id"] === "number" ? row["machine_id"] : null;
}

export function findJob(db: Database, id: number, folderId: number | undefined): Job | undefined {
  const inFolder = folderId === undefined ? "" : " AND folder_id = ?";
  const values = folderId === undefined ? [id] : [id, folderId];
  const row = db.get(`SELECT id, state, release_id, input_arguments FROM job_rows WHERE id = ?${inFolder}`, ...values);
  return (
    row && {
      id: Number(row["id"]),
      state: Number(row["state"]),
      releaseId: Number(row["release_id"]),
      inputArguments: typeof row["input_arguments"] === "string" ? row["input_arguments"] : null,
    }
  );
}

/** Asks a job to stop, or kills it. A job that waits ends at once either way. */
export function stopJob(db: Database, job: Job, kill: boolean, now: Instant): void {
  if (job.state === state.stopping && !kill) return; // asked already
  const atOnce = kill || job.state !== state.running;
  const wait = atOnce ? 0 : softStopOf(db, job);
  const course: Omit<Course, "starts_at"> = stopping(now, wait);
  const never = job.state === state.pending ? { starts_at: null } : {};
  db.update("jobs", job.id, { ...course, ...never, held_state: null, stop_strategy: kill ? 2 : 1 });
}

function softStopOf(db: Database, job: Job): number | null {
  const release = releaseById(db, job.releaseId);
  return release ? runFor(release.rule, release.inputArguments, job.inputArguments).softStop : 0;
}

/**
 * A process as it is when it begins at an entry point; undefined where its package has none of that path. A package of
 * which no entry points are known takes any.
 */
export function beginningAt(db: Database, release: Release, path: string | undefined): Release | undefined {
  if (path === undefined) return release;
  const { keyFolded, version } = release.package;
  const rows = db.all(
    "SELECT path, parameters FROM entry_points WHERE key_folded = ? AND version = ?",
    keyFolded,
    version,
  );
  if (rows.length === 0) return release;
  const found = rows.find((row) => fold(String(row["path"])) === fold(path));
  if (!found) return undefined;
  const declared = found["parameters"];
  return { ...release, parameters: typeof declared === "string" ? (JSON.parse(declared) as Parameter[]) : undefined };
}

function asRelease(row: Row): Release {
  const declared = JSON.parse(String(row["arguments"])) as { readonly Input: string | null };
  return {
    id: Number(row["id"]),
    name: String(row["name"]),
    environmentId: row["environment_id"] === null ? null : Number(row["environment_id"]),
    inputArguments: typeof row["input_arguments"] === "string" ? row["input_arguments"] : null,
    parameters: declared.Input === null ? undefined : (JSON.parse(declared.Input) as readonly Parameter[]),
    package: { keyFolded: fold(String(row["process_key"])), version: String(row["version"]) },
    rule: JSON.parse(String(row["run_rule"])) as RunRule,
  };
}
