import { randomUUID } from "node:crypto";
import { later, type Instant } from "../instant.ts";
import type { Database } from "./database.ts";
import { state, type Release } from "./jobs.ts";
import { courseFrom, courseOf, noLimits, runFor } from "./runs.ts";

const final: ReadonlySet<number> = new Set([state.faulted, state.successful, state.stopped]);

export function isFinal(current: number): boolean {
  return final.has(current);
}

/** What a job that is started over takes from the first one. */
const kept = `folder_id, release_id, robot_id, machine_id, reference, source, source_type, priority, specific_priority,
  runtime_type, requires_user, input_arguments, input_file, environment_variables, entry_point, version_id`;

/** Starts the process of a job again, with what it was started with. */
export function copyJob(db: Database, id: number, release: Release, batchKey: string, now: Instant): number {
  const given = db.get("SELECT input_arguments FROM jobs WHERE id = ?", id)?.["input_arguments"];
  const inputArguments = typeof given === "string" ? given : null;
  const course = courseOf(runFor(release.rule, release.inputArguments, inputArguments), now, noLimits);
  const copy = db.run(
    `INSERT INTO jobs (${kept}, key, batch_key, created, final_state) SELECT ${kept}, ?, ?, ?, ? FROM jobs WHERE id = ?`,
    randomUUID(),
    batchKey,
    now,
    course.final_state,
    id,
  );
  db.update("jobs", copy, { ...course });
  return copy;
}

/** A suspended job is Resumed until a robot takes it, and then runs to its end; it has begun when it first began. */
export function resumeJob(
  db: Database,
  id: number,
  release: Release,
  inputArguments: string | null,
  now: Instant,
): void {
  const run = runFor(release.rule, release.inputArguments, inputArguments);
  const until = run.pending === null ? null : later(now, run.pending);
  const { starts_at: _, ...course } = until === null ? courseOf(run, now, noLimits) : courseFrom(run, until, noLimits);
  db.update("jobs", id, { ...course, input_arguments: inputArguments, held_state: state.resumed, held_until: until });
}
