import type { Change } from "../../core/change.ts";
import type { PlannedResource, Price } from "../../core/plan.ts";
import type { JobLive, LiveJob, LivePlace, LiveProcess } from "../../kinds/job/live.ts";
import type { JobSettings } from "../../kinds/job/payload.ts";
import { runKey } from "../../kinds/job/run-key.ts";
import type { JobSpec } from "../../kinds/job/spec.ts";
import { lacking } from "../../kinds/capabilities.ts";
import { isMissing } from "../../kinds/live.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { TenantReader } from "../read/tenant.ts";
import { followRun } from "./job/follow.ts";
import { startRun } from "./job/start.ts";
import { untilOver } from "./job/until-over.ts";
import { verifyStarts } from "./job/verify.ts";
import { folderFor, folderOf } from "./place.ts";
import type { Follow, Gateway, Operation } from "./port.ts";
import { priceOfStops, stopBatches } from "./stopped-jobs/batches.ts";
import { idOf, stopJobs } from "./stopped-jobs/stop.ts";

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
    const entryPoint = await readEntryPoint(spec, folder, process, reader, signal);
    const none = { process, robots, ...(places.length === 0 ? {} : { places }), ...entryPoint, attempts: [] };
    return isMissing(process) || spec.run === "never"
      ? none
      : readRuns(resource, folder, { ...none, process }, reader, signal);
  },

  /** Others are stopped first, and the start goes when they are over. */
  operations(resource, run) {
    const folder = folderOf(resource);
    const settings = settingsOf(resource);
    const batches = stopBatches(resource);
    const stops = batches.map((batch) => stopJobs(batch, folder, { strategy: "SoftStop" }, run.reader));
    const alone = settings.concurrency === "stopOthers";
    const after = untilOver(batches.flat().map(idOf), folder, run.reader, settings.wait.timeout);
    const starts = startsOf(resource).map((change) => startRun(change, folder, settings, run));
    return [...stops, ...(alone ? starts.map((start) => behind(start, after)) : starts)];
  },

  /** One look by key, one at the newest page, one at other jobs, one start; polling costs what it costs. */
  price(resource): Price {
    const starts = startsOf(resource).length;
    const looks = settingsOf(resource).concurrency === undefined ? 2 : 3;
    const stops = priceOfStops(resource);
    return { calls: stops.calls + (looks + 1) * starts, listCalls: stops.listCalls + looks * starts };
  },

  /** Only what has ended is tried again: a run that lacks jobs is never topped up, and one that goes on is its own. */
  again(resource, change, ending, attempt, run) {
    const settings = settingsOf(resource);
    const { retries } = settings;
    if (change.action !== "start" || retries === undefined || attempt > retries.limit) return undefined;
    if (ending.status !== "failed" || ending.retriable !== true) return undefined;
    const operation = startRun(change, folderOf(resource), settings, run, attempt);
    return { backoff: retries.backoff, operation, text: `attempt ${attempt + 1} of ${retries.limit + 1}` };
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

/** Older versions start none, so nobody is asked there. */
async function readEntryPoint(
  { entryPoint, run }: JobSpec,
  folder: PlanFolder,
  process: JobLive["process"],
  reader: TenantReader,
  signal: AbortSignal,
): Promise<Pick<JobLive, "entryPoint">> {
  const asks = entryPoint !== undefined && run !== "never" && !isMissing(process);
  if (!asks || lacking(entryPoints, reader.capabilities.version).length > 0) return {};
  const found = await reader.entryPoint(folder, process, entryPoint, signal);
  return found === undefined ? {} : { entryPoint: found };
}

const entryPoints = { body: "StartProcessDto", members: { entryPoint: "EntryPointPath" } } as const;

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
  const others = await readOthers(spec, folder, process, attempts, reader, signal);
  if (attempts.length > 0) return { ...names, attempts, ...others };
  const lastRun = await reader.jobs.lastRun(folder, process.name, key.name, signal);
  if (lastRun === undefined) return { ...names, ...others };
  return { ...names, ...others, ...(await readLast(lastRun, spec, folder, process, reader, signal)) };
}

/** Jobs of the process that a start would not be alone with. */
async function readOthers(
  { concurrency }: JobSpec,
  folder: PlanFolder,
  process: LiveProcess,
  attempts: JobLive["attempts"],
  reader: TenantReader,
  signal: AbortSignal,
): Promise<Pick<JobLive, "others">> {
  if (concurrency === undefined) return {};
  const own = new Set(attempts.flatMap(({ jobs }) => jobs.map(({ id }) => id)));
  const open = await reader.jobs.openOf(folder, process.name, signal);
  return { others: open.filter(({ id }) => !own.has(id)) };
}

/** What the last run ran with, for reasons: newer lists leave the arguments out, so it is read by id (rate limits). */
async function readLast(
  listed: LiveJob,
  { rerunOn }: JobSpec,
  folder: PlanFolder,
  process: LiveProcess,
  reader: TenantReader,
  signal: AbortSignal,
): Promise<Pick<JobLive, "lastRun" | "lastVersion">> {
  const whole = listed.inputArguments ?? undefined;
  const lastRun = whole === undefined ? ((await reader.jobs.byId(folder.id, listed.id, signal)) ?? listed) : listed;
  const { releaseVersionId } = lastRun;
  if (!rerunOn.processVersion || releaseVersionId === undefined) return { lastRun };
  const lastVersion = await reader.processVersion(folder, process.id, releaseVersionId, signal);
  return { lastRun, ...(lastVersion === undefined ? {} : { lastVersion }) };
}

function behind(operation: Operation, after: Follow): Operation {
  return { ...operation, after };
}

function startsOf({ changes }: PlannedResource): Change[] {
  return Iterator.from(changes)
    .filter(({ action }) => action === "start")
    .toArray();
}

function settingsOf(resource: PlannedResource): JobSettings {
  return resource.settings as JobSettings;
}
