import type { Change } from "../../../core/change.ts";
import { fold } from "../../../core/fold.ts";
import { isRecord } from "../../../core/json.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { PlanFolder } from "../../../core/plan.ts";
import type { LiveJob } from "../../../kinds/job/live.ts";
import { describeRun, describeStarted } from "../../../kinds/job/describe.ts";
import { sendable } from "../../../kinds/capabilities.ts";
import type { JobSettings, JobStart } from "../../../kinds/job/payload.ts";
import { completeRunKey, laterKey } from "../../../kinds/job/run-key.ts";
import { batchKey } from "../../jobs/batch-key.ts";
import { toJob } from "../../read/jobs.ts";
import { rowsOf } from "../../read/row.ts";
import type { TenantReader } from "../../read/tenant.ts";
import { answered, unanswered, unreadable } from "../answers.ts";
import type { Answer, ApplyRun, Operation, Sending } from "../port.ts";
import { startInfo } from "./wire.ts";

const path = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs";

interface Starting {
  readonly change: Change;
  readonly start: JobStart;
  readonly settings: JobSettings;
  readonly folder: PlanFolder;
  readonly reader: TenantReader;
  readonly runKey: string;
}

/**
 * Starts the jobs of one run. Nothing on the server keeps a second start away, so the run is looked for by its key
 * right before, sent once, and never sent again by whoever lost sight of the answer.
 */
export function startRun(
  change: Change,
  folder: PlanFolder,
  settings: JobSettings,
  run: ApplyRun,
  /** Attempts that this apply has made already. */
  before: number = 0,
): Operation {
  const start = (change as Extract<Change, { readonly action: "start" }>).after as JobStart;
  const runKey = laterKey(completeRunKey(start.runKey, run.planSha256), before);
  const starting = { change, start, settings, folder, reader: run.reader, runKey };
  const look = async (done: "applied" | "already-done", signal: AbortSignal) => {
    const jobs = await run.reader.jobs.byRunKey(folder, settings.process, runKey, signal);
    const note =
      done === "applied" ? `${describeStarted(jobs.map(idOf), runKey)}, found when read back` : "already started";
    return new Map(jobs.length === 0 ? [] : [[change, runEnding(jobs, settings, done, note)]]);
  };
  return {
    name: "StartJobs",
    changes: [change],
    repeat: "never",
    divisible: false,
    check: async (_, signal) => {
      const found = await look("already-done", signal);
      if (found.size > 0) return found;
      if (run.reader.jobs.dropsRunKeys) return new Map([[change, unsafe]]);
      const crowd =
        settings.concurrency === undefined ? [] : await run.reader.jobs.openOf(folder, settings.process, signal);
      return crowd.length === 0 ? found : new Map([[change, crowded(crowd, settings)]]);
    },
    send: async (_, signal, sending) => send(starting, signal, sending),
    find: async (_, signal) => look("applied", signal),
  };
}

const unsafe: Ending = {
  status: "failed",
  note: "not started: this server drops run keys, so a second start could not be told from the first",
};

/** Looked at right before: what began since the plan is not alone with the start, and is nobody's to stop. */
function crowded(others: readonly LiveJob[], { concurrency }: JobSettings): Ending {
  return { status: "failed", note: `not started: ${describeRun(others)}, and concurrency is ${concurrency ?? ""}` };
}

async function send(starting: Starting, signal: AbortSignal, sending?: Sending): Promise<Answer> {
  const { change, start, settings, folder, reader, runKey } = starting;
  const key = batchKey(folder.key, runKey);
  const info = sendable(reader.capabilities, "StartProcessDto", startInfo(start, runKey, key));
  const body = { startInfo: info };
  const result = await reader.client.write("POST", path, body, { folder: folder.id, signal, before: sending?.before });
  if (result.ending !== "answered") return unanswered(result);
  if (!isRecord(result.body) || !Array.isArray(result.body["value"])) return unreadable(`POST ${path}`, result.status);
  const jobs = rowsOf(result.body).map(toJob);
  const kept = jobs.every((job) => job.reference === runKey && fold(job.batchExecutionKey ?? "") === key);
  if (!kept) reader.jobs.dropsRunKeys = true;
  const started = describeStarted(jobs.map(idOf), runKey);
  const note = kept ? started : `${started}, but the server dropped the run key: the next apply cannot find this run`;
  return answered([[change, runEnding(jobs, settings, "applied", note)]]);
}

/** Fewer jobs than expected is a failed run: topping it up could make two of one. */
function runEnding(
  jobs: readonly LiveJob[],
  { expected }: JobSettings,
  status: "applied" | "already-done",
  note: string,
): Ending {
  const ids = jobs.map(idOf);
  const wanted = expected ?? 1;
  if (jobs.length < wanted) return { status: "failed", ids, note: `${jobs.length} of ${wanted} created` };
  return { status, ids, note };
}

function idOf({ id }: LiveJob): number {
  return id;
}
