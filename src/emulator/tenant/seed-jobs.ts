import { jobPriority, jobSource, jobState, memberNumber, runtimeType } from "../model/enumerations.ts";
import type { RowValue } from "../store/database.ts";
import { machineOf, releaseById } from "../store/jobs.ts";
import { versionOf } from "../store/releases.ts";
import { courseFrom, courseOf, noLimits, runFor, stopping, type Course, type Run } from "../store/runs.ts";
import type { Instant } from "../instant.ts";
import { nameUuid } from "../uuid.ts";
import type { Seeding } from "./names.ts";
import { nextId, startNumbering } from "./seed-items.ts";
import type { TenantJob, TenantSpec } from "./types.ts";

/** Adds the jobs of a tenant file. */
export function seedJobs(seeding: Seeding, spec: TenantSpec): void {
  for (const [index, job] of (spec.jobs ?? []).entries()) seedJob(seeding, `/spec/jobs/${index}`, job);
  if (spec.next?.job !== undefined) startNumbering(seeding, "jobs", spec.next.job);
}

function seedJob(seeding: Seeding, at: string, job: TenantJob): void {
  if ((job.count ?? 1) > 1 && job.key !== undefined) throw seeding.fail(`${at}/key`, "a series cannot have one key");
  const columns = columnsOf(seeding, at, job);
  const first = job.id ?? nextId(seeding, "jobs");
  for (let n = 1; n <= (job.count ?? 1); n += 1) {
    const id = first + n - 1;
    seeding.insert(at, "jobs", {
      ...columns,
      id,
      key: (job.key ?? nameUuid("job", String(id))).toLowerCase(),
      batch_key: (job.batchKey ?? nameUuid("batch", String(id))).toLowerCase(),
      reference: job.reference?.replaceAll("{n}", String(n)),
    });
  }
}

function columnsOf(seeding: Seeding, at: string, job: TenantJob): Readonly<Record<string, RowValue>> {
  const folderId = seeding.folder(at, job.folder);
  const releaseId = seeding.resolve(`${at}/process`, "process", job.process, folderId);
  const release = releaseById(seeding.db, releaseId);
  if (!release) throw seeding.fail(`${at}/process`, "is not there");
  const robotId = seeding.optional(`${at}/robot`, "robot", job.robot);
  const created = seeding.optionalTime(`${at}/created`, job.created) ?? seeding.now;
  const input = job.inputArguments === undefined ? null : JSON.stringify(job.inputArguments);
  return {
    folder_id: folderId,
    release_id: releaseId,
    robot_id: robotId,
    machine_id: machineOf(seeding.db, robotId),
    source: "Manual",
    source_type: memberNumber(jobSource, "Manual"),
    priority: memberNumber(jobPriority, "Normal"),
    specific_priority: 45,
    runtime_type: memberNumber(runtimeType, "Unattended"),
    requires_user: false,
    input_arguments: input,
    created,
    version_id: versionOf(seeding.db, releaseId),
    held_state: heldState(job),
    ...seedCourse(seeding, at, job, runFor(release.rule, release.inputArguments, input), created),
  };
}

/** A suspended job stays so until somebody stops it. */
function heldState(job: TenantJob): number | null {
  return job.state === "Suspended" || job.state === "Resumed" ? memberNumber(jobState, job.state) : null;
}

/** A job that is not over goes on from the start of the clock, however long ago it began. */
function seedCourse(seeding: Seeding, at: string, job: TenantJob, run: Run, created: Instant): Course {
  const started = seeding.optionalTime(`${at}/started`, job.started) ?? created;
  const state = job.state ?? "Successful";
  switch (state) {
    case "Pending":
      return courseOf(run, seeding.now, noLimits);
    case "Running":
      return { ...courseFrom(run, seeding.now, noLimits), starts_at: started };
    case "Stopping":
      return { ...stopping(seeding.now, run.softStop), starts_at: started };
    case "Suspended":
    case "Resumed":
      return { ...courseFrom({ ...run, duration: null }, started, noLimits) };
    case "Faulted":
    case "Successful":
    case "Stopped":
      return {
        starts_at: started,
        stops_at: null,
        ends_at: seeding.optionalTime(`${at}/ended`, job.ended) ?? started,
        final_state: memberNumber(jobState, state),
        final_info: job.info ?? (state === "Successful" ? "Job completed" : null),
        final_output: job.output === undefined ? null : JSON.stringify(job.output),
        final_error: job.error === undefined ? null : JSON.stringify(job.error),
      };
  }
}
