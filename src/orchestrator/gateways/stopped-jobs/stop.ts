import type { Change } from "../../../core/change.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { PlanFolder } from "../../../core/plan.ts";
import type { LiveJob } from "../../../kinds/job/live.ts";
import { isFinal } from "../../../kinds/job/run-state.ts";
import type { JobToStop } from "../../../kinds/stopped-jobs/payload.ts";
import type { WriteResult } from "../../http/failure.ts";
import type { TenantReader } from "../../read/tenant.ts";
import { answered, changed, refusal, unanswered } from "../answers.ts";
import type { Answer, Follow, Operation, Sending } from "../port.ts";

const path = "/odata/Jobs/UiPath.Server.Configuration.OData.StopJobs";

/** How a batch of jobs is stopped. */
export interface HowToStop {
  readonly strategy: "SoftStop" | "Kill";
  /** A job that has left these states since the plan is no longer meant. Left out: every job is that is not over. */
  readonly states?: readonly string[];
  /** What is stayed with before: see `Operation.after`. */
  readonly after?: Follow;
}

interface Stopping {
  readonly folder: PlanFolder;
  readonly how: HowToStop;
  readonly reader: TenantReader;
  readonly settled: Map<Change, Ending>;
}

/** Stops a batch of jobs. Job ids are never used again, so a second stop of the same job does no harm. */
export function stopJobs(
  changes: readonly Change[],
  folder: PlanFolder,
  how: HowToStop,
  reader: TenantReader,
): Operation {
  const batch = { folder, how, reader, settled: new Map<Change, Ending>() };
  return {
    name: "StopJobs",
    changes,
    repeat: "free",
    divisible: true,
    ...(how.after === undefined ? {} : { after: how.after }),
    check: async (some, signal) => stillMeant(some, batch, signal),
    send: async (some, signal, sending) => send(some, batch, signal, sending),
    find: async (some, signal) => {
      await settle(
        some.filter((change) => !batch.settled.has(change)),
        batch,
        signal,
      );
      return batch.settled;
    },
  };
}

/** Endings for jobs that ended, or that the manifest no longer selects: a Kill must not hit what has moved on. */
async function stillMeant(
  changes: readonly Change[],
  { folder, reader, how }: Stopping,
  signal: AbortSignal,
): Promise<ReadonlyMap<Change, Ending>> {
  const jobs = new Map((await reader.jobs.byIds(folder, changes.map(idOf), signal)).map((job) => [job.id, job]));
  return new Map(
    changes.flatMap((change): [Change, Ending][] => {
      const job = jobs.get(idOf(change));
      const ids = [idOf(change)];
      const ended = endingOf(job, how, false);
      if (ended !== undefined) return [[change, { ...ended, ids }]];
      if (job === undefined || (how.states?.includes(job.state) ?? true)) return [];
      return [[change, { ...changed(`it is ${job.state}`), ids }]];
    }),
  );
}

async function send(
  changes: readonly Change[],
  stopping: Stopping,
  signal: AbortSignal,
  sending?: Sending,
): Promise<Answer> {
  const { settled } = stopping;
  const pending = changes.filter((change) => !settled.has(change));
  const result = await post(pending, stopping, signal, sending);
  if (result.ending === "open") return unanswered(result);
  if (result.ending === "refused" && !isAboutJobs(result)) return unanswered(result);
  // The answer has no body, and a refused batch may hold one job that has just ended: the states tell.
  await settle(pending, stopping, signal, result.ending === "answered");
  const left = pending.filter((change) => !settled.has(change));
  for (const change of left) {
    const open = await stopAlone(change, stopping, signal, sending);
    if (open !== undefined) return open;
  }
  return answered([...settled].filter(([change]) => changes.includes(change)));
}

/** One job that was refused together with others, or is still as it was. */
async function stopAlone(
  change: Change,
  stopping: Stopping,
  signal: AbortSignal,
  sending: Sending | undefined,
): Promise<Answer | undefined> {
  const { settled } = stopping;
  const result = await post([change], stopping, signal, sending);
  if (result.ending === "open") return unanswered(result);
  await settle([change], stopping, signal, result.ending === "answered");
  if (settled.has(change)) return undefined;
  const ids = [idOf(change)];
  const ending: Ending =
    result.ending === "refused"
      ? { ...refusal(result.fault), ids }
      : { status: "failed", ids, note: "the server took the stop, and the job goes on" };
  settled.set(change, ending);
  return undefined;
}

async function post(
  changes: readonly Change[],
  { folder, how, reader }: Stopping,
  signal: AbortSignal,
  sending: Sending | undefined,
): Promise<WriteResult> {
  const body = { jobIds: changes.map(idOf), strategy: how.strategy };
  const options = { folder: folder.id, signal, expects: "none", before: sending?.before } as const;
  return reader.client.write("POST", path, body, options);
}

/** Settles the jobs that stop or have ended, by their state now. `ours`: a stop was accepted since the plan. */
async function settle(
  changes: readonly Change[],
  { folder, reader, settled, how }: Stopping,
  signal: AbortSignal,
  ours = true,
): Promise<void> {
  if (changes.length === 0) return;
  const jobs = new Map((await reader.jobs.byIds(folder, changes.map(idOf), signal)).map((job) => [job.id, job]));
  for (const change of changes) {
    const ending = endingOf(jobs.get(idOf(change)), how, ours);
    if (ending !== undefined) settled.set(change, { ...ending, ids: [idOf(change)] });
  }
}

/** States that a stop leads to: a job that was only asked to stop is not killed yet. */
const reached: Readonly<Record<HowToStop["strategy"], ReadonlySet<string>>> = {
  SoftStop: new Set(["Stopping", "Terminating", "Stopped"]),
  Kill: new Set(["Terminating", "Stopped"]),
};

function endingOf(job: LiveJob | undefined, { strategy }: HowToStop, ours: boolean): Ending | undefined {
  if (job === undefined) return { status: "already-done", note: "the job is gone" };
  if (reached[strategy].has(job.state)) return { status: ours ? "applied" : "already-done", note: `is ${job.state}` };
  return isFinal(job.state) ? { status: "already-done", note: `ended by itself: ${job.state}` } : undefined;
}

/** A refusal that one job of the batch may have caused; 401, 403, 413 and 429 are about the call. */
function isAboutJobs(result: Extract<WriteResult, { readonly ending: "refused" }>): boolean {
  return [400, 404, 409, 422].includes(result.fault.status ?? 0);
}

/** The job that a stop is of. */
export function idOf(change: Change): number {
  return ((change as Extract<Change, { readonly action: "stop" | "delete" }>).before as JobToStop).id;
}
