import { randomUUID } from "node:crypto";
import type { Instant } from "../instant.ts";
import { jobPriority, jobSource, memberNumber, runtimeType } from "../model/enumerations.ts";
import type { Database, Row } from "./database.ts";
import { status } from "./items.ts";
import { addJob, releaseById, state, type JobRequest, type Release } from "./jobs.ts";
import { noLimits } from "./runs.ts";

const byQueue = memberNumber(jobSource, "Queue");

/**
 * A queue with a trigger starts jobs of its process: the first when enough items wait, postponed ones not counted,
 * and another for every so many more, as long as not too many of its jobs wait or run (queue triggers).
 */
export function startByTrigger(db: Database, queueId: number, now: Instant): void {
  const queue = db.get("SELECT * FROM queues WHERE id = ? AND schedule_id IS NOT NULL", queueId);
  const release = queue && releaseById(db, Number(queue["release_id"]));
  if (!release) return;
  const missing = wantedJobs(db, queue, now) - activeJobs(db, release.id);
  const request = requestOf(db, String(queue["name"]), release);
  for (let job = 0; job < missing; job += 1) addJob(db, request, { robotId: null }, now);
}

/** How many jobs the items that wait are worth. Counting stops where more would not matter. */
function wantedJobs(db: Database, queue: Row, now: Instant): number {
  const threshold = Number(queue["trigger_threshold"]);
  const perJob = Number(queue["trigger_items_per_job"]);
  const maxJobs = Number(queue["trigger_max_jobs"]);
  const row = db.get(
    `SELECT count(*) AS n FROM (SELECT 1 FROM items WHERE queue_id = ? AND status = ?
       AND (defer_date IS NULL OR defer_date <= ?) LIMIT ?)`,
    Number(queue["id"]),
    status.new,
    now,
    threshold + perJob * maxJobs,
  );
  const waiting = Number(row?.["n"]);
  return waiting < threshold ? 0 : Math.min(maxJobs, 1 + Math.floor((waiting - threshold) / perJob));
}

function activeJobs(db: Database, releaseId: number): number {
  const row = db.get(
    "SELECT count(*) AS n FROM job_rows WHERE release_id = ? AND source_type = ? AND state IN (?, ?, ?, ?)",
    releaseId,
    byQueue,
    state.pending,
    state.running,
    state.stopping,
    state.terminating,
  );
  return Number(row?.["n"]);
}

function requestOf(db: Database, queueName: string, release: Release): JobRequest {
  const folder = db.get("SELECT folder_id FROM releases WHERE id = ?", release.id);
  return {
    folderId: Number(folder?.["folder_id"]),
    release,
    batchKey: randomUUID(),
    reference: null,
    source: `${queueName} trigger`,
    sourceType: byQueue,
    priority: memberNumber(jobPriority, "Normal"),
    specificPriority: 45,
    runtimeType: memberNumber(runtimeType, "Unattended"),
    stopStrategy: null,
    requiresUser: false,
    inputArguments: release.inputArguments,
    limits: noLimits,
  };
}
