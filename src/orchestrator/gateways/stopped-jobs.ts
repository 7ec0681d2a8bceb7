import type { PlannedResource, Price } from "../../core/plan.ts";
import type { LiveJob } from "../../kinds/job/live.ts";
import { isMissing } from "../../kinds/live.ts";
import { isSelected } from "../../kinds/stopped-jobs/definition.ts";
import type { StoppedJobsLive } from "../../kinds/stopped-jobs/live.ts";
import type { StoppedJobsSettings } from "../../kinds/stopped-jobs/payload.ts";
import type { StoppedJobsSpec } from "../../kinds/stopped-jobs/spec.ts";
import { and, date, eq, lt, or, str, type Filter } from "../odata/filter.ts";
import { untilOver } from "./job/until-over.ts";
import { folderFor, folderOf } from "./place.ts";
import type { ApplyRun, Gateway } from "./port.ts";
import { priceOfStops, stopBatches } from "./stopped-jobs/batches.ts";
import { idOf, stopJobs } from "./stopped-jobs/stop.ts";

/** Jobs that must not be running: stopped in batches, their states read back. */
export const stoppedJobs: Gateway<StoppedJobsSpec, StoppedJobsLive> = {
  kind: "StoppedJobs",

  async read(resource, reader, signal) {
    const folder = await folderFor(resource, reader, signal);
    const { select } = resource.spec;
    const process =
      select.process === undefined ? undefined : await reader.process(folder, { name: select.process }, signal);
    if (process !== undefined && isMissing(process)) return { process, jobs: [] };
    const found = process === undefined ? {} : { process };
    if (select.ids !== undefined) return { ...found, jobs: await reader.jobs.byIds(folder, select.ids, signal) };
    const filter = candidates(select, process?.name);
    return { ...found, jobs: filter === undefined ? [] : await reader.jobs.select(folder, filter, signal) };
  },

  operations(resource, { reader }) {
    const folder = folderOf(resource);
    const { strategy, states, escalateAfter } = resource.settings as StoppedJobsSettings;
    const stops = stopBatches(resource).map((batch) => stopJobs(batch, folder, { strategy, states }, reader));
    if (escalateAfter === undefined) return stops;
    const kills = stopBatches(resource).map((batch) => {
      const after = untilOver(batch.map(idOf), folder, reader, escalateAfter);
      return stopJobs(batch, folder, { strategy: "Kill", after }, reader);
    });
    return [...stops, ...kills];
  },

  /** The stops, and one look afterwards at what has come to match. */
  price(resource): Price {
    const { calls, listCalls } = priceOfStops(resource);
    const look = calls > 0 && looksAgain(resource.settings as StoppedJobsSettings) ? 1 : 0;
    return { calls: calls + look, listCalls: listCalls + look };
  },

  newcomers,
};

/** Ids name all that can ever match. */
function looksAgain({ select }: StoppedJobsSettings): boolean {
  return select !== undefined && select.ids === undefined;
}

/** Jobs that match now and are not in the plan, whatever became of those that are. */
async function newcomers(
  resource: PlannedResource,
  { reader }: ApplyRun,
  signal: AbortSignal,
): Promise<string | undefined> {
  const settings = resource.settings as StoppedJobsSettings;
  const { select, process } = settings;
  const filter = select === undefined || !looksAgain(settings) ? undefined : candidates(select, process);
  if (select === undefined || filter === undefined) return undefined;
  const planned = new Set(Iterator.from(resource.changes).map(({ key }) => key.entry));
  const matching = (await reader.jobs.select(folderOf(resource), filter, signal)).filter(
    (job) => !planned.has(String(job.id)) && isSelected(job, select, process, reader.now()),
  );
  if (matching.length === 0) return undefined;
  const [jobs, were] = matching.length === 1 ? ["job", "was"] : ["jobs", "were"];
  return `${jobs} ${matching.map(({ id }) => id).join(", ")} came to match after the plan and ${were} not touched`;
}

/** Filters that all servers take; the definition matches each job again. */
function candidates(select: StoppedJobsSpec["select"], process: string | undefined): Filter | undefined {
  const filters = [
    ...(process === undefined ? [] : [eq("ReleaseName", str(process))]),
    ...(select.reference === undefined ? [] : [eq("Reference", str(select.reference))]),
  ];
  if (filters.length === 0) return undefined;
  const before = select.createdBefore;
  if (before !== undefined) filters.push(lt("CreationTime", date(new Date(before))));
  const states = select.states.map((state: LiveJob["state"]) => eq("State", str(state)));
  return and(...filters, ...(states.length === 0 ? [] : [or(...states)]));
}
