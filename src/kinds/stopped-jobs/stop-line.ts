import type { Change } from "../../core/change.ts";
import { formatDuration } from "../../core/format-time.ts";
import { shortInstant } from "../../core/instant.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { LiveJob } from "../job/live.ts";
import type { JobToStop } from "./payload.ts";

/** The line of one job to stop: it names the job, and no other is stopped. */
export function stopLine(
  { key, source }: DesiredResource,
  job: LiveJob,
  {
    strategy,
    escalateAfter,
    why,
  }: { readonly strategy: "SoftStop" | "Kill"; readonly escalateAfter?: number; readonly why?: string },
): Extract<Change<JobToStop, never>, { readonly action: "delete" | "stop" }> {
  const { id, state, creationTime, startTime, releaseName } = job;
  const since = startTime === null ? `created ${shortInstant(creationTime)}` : `since ${shortInstant(startTime)}`;
  const verb = strategy === "Kill" ? "kill" : "stop";
  const then = escalateAfter === undefined ? "" : `, then kill after ${formatDuration(escalateAfter)}`;
  return {
    action: "stop",
    key: { ...key, entry: String(id) },
    label: `job ${id}`,
    summary: `${verb} ${releaseName ?? "the job"}, ${state} ${since}${then}`,
    reason:
      why === undefined ? { code: "selected", text: "the selection matches it" } : { code: "stops-others", text: why },
    before: { id, process: releaseName, state, creationTime },
    precondition: { type: "fingerprint", id, fingerprint: job.key },
    source,
  };
}
