import { randomUUID } from "node:crypto";
import type { Instant } from "../instant.ts";
import { jobPriority, jobSource, memberNumber, runtimeType } from "../model/enumerations.ts";
import type { Database } from "./database.ts";
import { addJob, releaseById } from "./jobs.ts";
import { noLimits } from "./runs.ts";

/** A queue with a trigger starts a job of its process when items arrive and none waits already. */
export function startByTrigger(db: Database, queueId: number, now: Instant): void {
  const queue = db.get("SELECT name, release_id FROM queues WHERE id = ? AND schedule_id IS NOT NULL", queueId);
  const release = queue && releaseById(db, Number(queue["release_id"]));
  if (!release) return;
  const waiting = db.get("SELECT 1 FROM job_rows WHERE release_id = ? AND state = 0 LIMIT 1", release.id);
  if (waiting) return;
  const folder = db.get("SELECT folder_id FROM releases WHERE id = ?", release.id);
  const request = {
    folderId: Number(folder?.["folder_id"]),
    release,
    batchKey: randomUUID(),
    reference: null,
    source: `${String(queue["name"])} trigger`,
    sourceType: memberNumber(jobSource, "Queue"),
    priority: memberNumber(jobPriority, "Normal"),
    specificPriority: 45,
    runtimeType: memberNumber(runtimeType, "Unattended"),
    stopStrategy: null,
    requiresUser: false,
    inputArguments: release.inputArguments,
    limits: noLimits,
  };
  addJob(db, request, null, now);
}
