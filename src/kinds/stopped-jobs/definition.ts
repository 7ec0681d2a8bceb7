import type { Change } from "../../core/change.ts";
import { sameName } from "../../core/fold.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { KindDefinition } from "../definition.ts";
import type { LiveJob } from "../job/live.ts";
import { isMissing } from "../live.ts";
import { refused, unknownName } from "../refuse.ts";
import type { StoppedJobsLive } from "./live.ts";
import type { JobToStop, StoppedJobsSettings } from "./payload.ts";
import { stopLine } from "./stop-line.ts";
import type { JobSelection, StoppedJobsSpec } from "./spec.ts";

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
    const { escalateAfter } = resource.spec;
    const settings: StoppedJobsSettings = {
      strategy,
      states: select.states,
      select,
      ...(process === undefined ? {} : { process: process.name }),
      ...(escalateAfter === undefined ? {} : { escalateAfter }),
    };
    const matching = live.jobs
      .filter((job) => isSelected(job, select, process?.name, context.now))
      .toSorted((a, b) => a.id - b.id);
    const changes =
      matching.length === 0 ? [nothingRuns(resource)] : matching.map((job) => stopLine(resource, job, resource.spec));
    return { title, settings, notes: [], changes, selected: { stop: live.jobs.length } };
  },
};

/** True when a job is meant: servers filter only by a part of it. */
export function isSelected(job: LiveJob, select: JobSelection, process: string | undefined, now: Date): boolean {
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
