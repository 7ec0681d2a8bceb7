import type { Change } from "../../core/change.ts";
import { isRecord } from "../../core/json.ts";
import { attemptOf } from "./run-key.ts";
import type { JobSpec } from "./spec.ts";

/** The spec with the attempt that was planned, where it is a later one: it was reviewed, whatever asked for it. */
export function plannedJob(kept: JobSpec, changes: Iterable<Change>): JobSpec {
  for (const change of changes) {
    const after = change.action === "start" && isRecord(change.after) ? change.after : {};
    const { runKey } = after;
    if (typeof runKey === "string" && attemptOf(runKey) > 1) return { ...kept, plannedRun: runKey };
  }
  return kept;
}
