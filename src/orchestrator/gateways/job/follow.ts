import type { Change } from "../../../core/change.ts";
import { ApiError } from "../../../core/errors.ts";
import type { Fault } from "../../../core/fault.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { PlanFolder } from "../../../core/plan.ts";
import { shorten } from "../../../core/text.ts";
import { describeRun } from "../../../kinds/job/describe.ts";
import type { LiveJob } from "../../../kinds/job/live.ts";
import type { JobRun, JobSettings } from "../../../kinds/job/payload.ts";
import { isBad, isFinal, judgeRun } from "../../../kinds/job/run-state.ts";
import { outputsOf } from "../../jobs/outputs.ts";
import type { TenantReader } from "../../read/tenant.ts";
import type { Follow, RunProgress } from "../port.ts";

/**
 * Stays with the jobs that a change started or attached to. Jobs are looked at by id: lists have a quota, and a run
 * that waits must not use it up (rate limits, API guide).
 */
export function followRun(
  change: Change,
  ending: Ending | undefined,
  folder: PlanFolder,
  settings: JobSettings,
  reader: TenantReader,
): Follow | undefined {
  if (change.action !== "start" && change.action !== "wait") return undefined;
  // A wait is looked at even when nothing is waited for: a run that ended badly is reported by it.
  if (change.action === "start" && settings.wait.until === "none") return undefined;
  const ids =
    ending?.ids ?? (change.action === "wait" ? (change.before as JobRun | undefined)?.jobIds : undefined) ?? [];
  if (ids.length === 0) return undefined;
  const ended = new Map<number, LiveJob>();
  return {
    timeout: settings.wait.timeout,
    look: async (signal) => {
      const jobs: LiveJob[] = [];
      for (const id of ids) {
        const job = ended.get(id) ?? (await reader.jobs.byId(folder.id, id, signal));
        if (job === undefined) throw gone(id);
        if (isFinal(job.state)) ended.set(id, job);
        jobs.push(job);
      }
      return progress(jobs, settings, ending, reader);
    },
  };
}

function progress(
  jobs: readonly LiveJob[],
  settings: JobSettings,
  ending: Ending | undefined,
  { client }: Pick<TenantReader, "client">,
): RunProgress {
  const ids = jobs.map(({ id }) => id);
  const text = describeRun(jobs);
  const verdict = judgeRun(jobs, settings);
  switch (verdict.state) {
    case "running":
      return { type: "running", text, ...(isNew(jobs, ending) ? { isNew: true } : {}) };
    case "left":
    case "succeeded": {
      // A run that was attached to was started by an earlier apply.
      const status = ending?.status === "applied" ? "applied" : "already-done";
      const outputs = jobs.flatMap((job) => {
        const given = outputsOf(job, client);
        return given === undefined ? [] : [{ job: job.id, arguments: given }];
      });
      return { type: "ended", ending: { status, ids, note: text, ...(outputs.length === 0 ? {} : { outputs }) } };
    }
    case "failed":
      return {
        type: "ended",
        ending: {
          status: "failed",
          ids,
          note: `${text}: ${verdict.why}`,
          ...why(jobs, settings, client),
          ...(isOver(jobs, settings) ? { retriable: true } : {}),
        },
      };
  }
}

/** This apply has started it, and no job of it has begun. */
function isNew(jobs: readonly LiveJob[], ending: Ending | undefined): boolean {
  return ending?.status === "applied" && jobs.every(({ state }) => state === "Pending");
}

/** All jobs that were wanted are there and have ended. */
function isOver(jobs: readonly LiveJob[], { expected }: JobSettings): boolean {
  return jobs.length >= (expected ?? 1) && jobs.every(({ state }) => isFinal(state));
}

/** Characters of what a failed job says of itself: the head of a stack trace tells what went wrong. */
const longestReason = 1000;

/** What the first job that ended badly says of itself. */
function why(
  jobs: readonly LiveJob[],
  { wait }: JobSettings,
  client: TenantReader["client"],
): { readonly fault?: Fault } {
  const bad = jobs.find(({ state }) => isBad(state, wait));
  if (bad === undefined) return {};
  const said = [...new Set([bad.info, bad.error])].filter((text) => text !== null && text !== undefined && text !== "");
  if (said.length === 0) return {};
  const fault: Fault = { kind: "http", call: `GET /odata/Jobs(${bad.id})`, message: said.join("; ") };
  // Robots say what they were given, and a whole stack trace with it: it is cleaned first, so that no secret is cut.
  const clean = client.withoutSecrets(fault);
  return { fault: { ...clean, message: shorten(clean.message, longestReason) } };
}

/** Right after a start a list may not show it yet; a job that stays away is left to the wait's patience. */
function gone(id: number): ApiError {
  const fault: Fault = { kind: "http", call: `GET /odata/Jobs(${id})`, status: 404, message: `job ${id} is gone` };
  return new ApiError(fault.message, fault);
}
