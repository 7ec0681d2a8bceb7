import type { Change } from "../../core/change.ts";
import type { PlannedResource, Price } from "../../core/plan.ts";
import type { LiveJob } from "../../kinds/job/live.ts";
import { isMissing } from "../../kinds/live.ts";
import type { StoppedJobsLive } from "../../kinds/stopped-jobs/live.ts";
import type { StoppedJobsSettings } from "../../kinds/stopped-jobs/payload.ts";
import type { StoppedJobsSpec } from "../../kinds/stopped-jobs/spec.ts";
import { and, date, eq, lt, or, str, type Filter } from "../odata/filter.ts";
import { priceOfIds } from "../read/jobs.ts";
import { batches } from "./answers.ts";
import { folderFor, folderOf } from "./place.ts";
import type { Gateway } from "./port.ts";
import { stopJobs } from "./stopped-jobs/stop.ts";

/** Jobs that one StopJobs call carries: few, for one job that has ended refuses all of them. */
const stopsAtOnce = 100;

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
    const settings = resource.settings as StoppedJobsSettings;
    return stopBatches(resource).map((batch) => stopJobs(batch, folderOf(resource), settings, reader));
  },

  /** The stops, and the reads before and after: who is still meant, and what became of them. */
  price(resource): Price {
    const prices = stopBatches(resource).map(({ length }) => priceOfIds(length));
    return {
      calls: prices.reduce((sum, { calls }) => sum + 1 + 2 * calls, 0),
      listCalls: prices.reduce((sum, { listCalls }) => sum + 2 * listCalls, 0),
    };
  },
};

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

function stopBatches({ changes }: PlannedResource): Change[][] {
  const stops = Iterator.from(changes)
    .filter(({ action }) => action === "stop")
    .toArray();
  return batches(stops, stopsAtOnce, Number.POSITIVE_INFINITY, () => 0);
}
