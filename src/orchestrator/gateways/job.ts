import type { PlannedResource, Price } from "../../core/plan.ts";
import type { JobLive, LivePlace, LiveProcess } from "../../kinds/job/live.ts";
import type { JobSettings } from "../../kinds/job/payload.ts";
import { runKey } from "../../kinds/job/run-key.ts";
import type { JobSpec } from "../../kinds/job/spec.ts";
import { isMissing } from "../../kinds/live.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { TenantReader } from "../read/tenant.ts";
import { followRun } from "./job/follow.ts";
import { startRun } from "./job/start.ts";
import { verifyStarts } from "./job/verify.ts";
import { folderFor, folderOf } from "./place.ts";
import type { Gateway } from "./port.ts";

/** Runs of a process: found by their run key, started once, followed by id. */
export const job: Gateway<JobSpec, JobLive> = {
  kind: "Job",

  async read(resource, reader, signal) {
    const folder = await folderFor(resource, reader, signal);
    const { spec } = resource;
    const process = await reader.process(folder, spec.process, signal);
    const robots: JobLive["robots"][number][] = [];
    for (const name of spec.strategy.type === "Specific" ? spec.strategy.robots : []) {
      robots.push(await reader.robot(folder, name, signal));
    }
    const places = await readPlaces(spec, folder, reader, signal);
    const none = { process, robots, ...(places.length === 0 ? {} : { places }), attempts: [] };
    return isMissing(process) || spec.run === "never"
      ? none
      : readRuns(resource, folder, { ...none, process }, reader, signal);
  },

  operations(resource, run) {
    const starts = Iterator.from(resource.changes).filter(({ action }) => action === "start");
    return starts.map((change) => startRun(change, folderOf(resource), settingsOf(resource), run)).toArray();
  },

  /** One look by key, one at the newest page, one start; polling costs what it costs. */
  price(resource): Price {
    const starts = Iterator.from(resource.changes)
      .filter(({ action }) => action === "start")
      .toArray().length;
    return { calls: 3 * starts, listCalls: 2 * starts };
  },

  verify: (resource, endings, run, signal) =>
    verifyStarts(endings, folderOf(resource), settingsOf(resource), run, signal),

  verifyPrice(resource): Price {
    const starts = Iterator.from(resource.changes)
      .filter(({ action }) => action === "start")
      .toArray().length;
    return { calls: starts, listCalls: starts };
  },

  follow: (resource, change, ending, { reader }) =>
    followRun(change, ending, folderOf(resource), settingsOf(resource), reader),
};

/** Machines and accounts by name. Classic folders have none of them, so nobody is asked there. */
async function readPlaces(
  { machines = [] }: JobSpec,
  folder: PlanFolder,
  reader: TenantReader,
  signal: AbortSignal,
): Promise<LivePlace[]> {
  const places: LivePlace[] = [];
  for (const { machine, account } of machines) {
    const isAsked = folder.type === "modern";
    places.push({
      ...(machine === undefined || !isAsked ? {} : { machine: await reader.machine(machine, signal) }),
      ...(account === undefined || !isAsked ? {} : { account: await reader.robot(folder, account, signal) }),
    });
  }
  return places;
}

async function readRuns(
  { key, spec }: DesiredResource<JobSpec>,
  folder: PlanFolder,
  names: Omit<JobLive, "process"> & { readonly process: LiveProcess },
  reader: TenantReader,
  signal: AbortSignal,
): Promise<JobLive> {
  const { process } = names;
  const attempts =
    spec.run === "always"
      ? [] // its key is not known before the plan is
      : await reader.jobs.attempts(folder, process.name, runKey(key.name, spec, process), signal);
  if (attempts.length > 0) return { ...names, attempts };
  const lastRun = await reader.jobs.lastRun(folder, process.name, key.name, signal);
  return { ...names, ...(lastRun === undefined ? {} : { lastRun }) };
}

function settingsOf(resource: PlannedResource): JobSettings {
  return resource.settings as JobSettings;
}
