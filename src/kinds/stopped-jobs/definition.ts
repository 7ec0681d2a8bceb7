import type { Change } from "../../core/change.ts";
import { sameName } from "../../core/fold.ts";
import { shortInstant } from "../../core/instant.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { KindDefinition } from "../definition.ts";
import type { LiveJob } from "../job/live.ts";
import { isMissing } from "../live.ts";
import { refused, unknownName } from "../refuse.ts";
import type { StoppedJobsLive } from "./live.ts";
import type { JobToStop, StoppedJobsSettings } from "./payload.ts";
import type { StoppedJobsSpec } from "./spec.ts";

type StoppedJobsChange = Change<JobToStop, never>;

/** Jobs that must not be running: the plan lists them by id, and exactly those are stopped. */
export const stoppedJobs: KindDefinition<StoppedJobsSpec, StoppedJobsLive> = {
  kind: "StoppedJobs",
  entries: () => 1,
  plan(resource, live, context) {
    const { process } = live;
    if (process !== undefined && isMissing(process)) {
      return refused(resource, `process ${process.missing}`, [
        { ...unknownName("process-unknown", "process", process, context.folder.path), at: ["select", "process"] },
      ]);
    }
    const { select, strategy } = resource.spec;
    const title = process === undefined ? selection(resource.spec) : `process ${process.name}`;
    const settings: StoppedJobsSettings = { strategy, states: select.states };
    const matching = live.jobs
      .filter((job) => matches(job, select, process?.name, context.now))
      .toSorted((a, b) => a.id - b.id);
    const changes = matching.length === 0 ? [nothingRuns(resource)] : matching.map((job) => stop(resource, job));
    return { title, settings, notes: [], changes, selected: { stop: live.jobs.length } };
  },
};

function matches(job: LiveJob, select: StoppedJobsSpec["select"], process: string | undefined, now: Date): boolean {
  if (!select.states.includes(job.state)) return false;
  if (process !== undefined && (job.releaseName === null || !sameName(job.releaseName, process))) return false;
  if (select.ids !== undefined && !select.ids.includes(job.id)) return false;
  if (select.reference !== undefined && (job.reference === null || !sameName(job.reference, select.reference)))
    return false;
  if (select.createdBefore !== undefined && Date.parse(job.creationTime) >= Date.parse(select.createdBefore))
    return false;
  if (select.runningFor === undefined) return true;
  return job.startTime !== null && now.getTime() - Date.parse(job.startTime) >= select.runningFor;
}

function stop(resource: DesiredResource<StoppedJobsSpec>, job: LiveJob): StoppedJobsChange {
  const since =
    job.startTime === null ? `created ${shortInstant(job.creationTime)}` : `since ${shortInstant(job.startTime)}`;
  const how = resource.spec.strategy === "Kill" ? "kill" : "stop";
  return {
    action: "stop",
    key: { ...resource.key, entry: String(job.id) },
    label: `job ${job.id}`,
    summary: `${how} ${job.releaseName ?? "the job"}, ${job.state} ${since}`,
    reason: { code: "selected", text: "the selection matches it" },
    before: { id: job.id, process: job.releaseName, state: job.state, creationTime: job.creationTime },
    precondition: { type: "fingerprint", id: job.id, fingerprint: job.key },
    source: resource.source,
  };
}

function nothingRuns(resource: DesiredResource<StoppedJobsSpec>): StoppedJobsChange {
  const text = "no job matches";
  return {
    action: "no-op",
    key: resource.key,
    label: "",
    summary: text,
    reason: { code: "equal", text },
    source: resource.source,
  };
}

function selection({ select }: StoppedJobsSpec): string {
  return select.reference === undefined
    ? `jobs ${select.ids?.join(", ") ?? ""}`
    : `jobs with reference ${select.reference}`;
}
