import type { Clock } from "../core/clock.ts";
import { OrchSyncError } from "../core/errors.ts";
import type { ListedItem, ListedJob } from "../core/listing.ts";
import type { TenantReader } from "../orchestrator/index.ts";
import { findItem, type FoundItem } from "./find-item.ts";
import { foldersOf } from "./folders.ts";
import { listJobs } from "./listing.ts";

export interface WaitInput {
  readonly reader: TenantReader;
  /** Left out: every folder. */
  readonly folder: string | undefined;
  readonly clock: Clock;
  /** Between two looks, in milliseconds. */
  readonly poll: number;
  /** Is told whenever the state changes. */
  readonly onState: (id: number, state: string) => void;
  readonly signal: AbortSignal;
}

export interface Waited<Row> {
  readonly rows: readonly Row[];
  /** True when all of it ended well. */
  readonly success: boolean;
}

const finalStates: ReadonlySet<string> = new Set(["Successful", "Faulted", "Stopped"]);
const finalStatuses: ReadonlySet<string> = new Set(["Successful", "Failed", "Abandoned", "Deleted"]);

/** Jobs of one start are one batch; nobody starts more at once. */
const jobsAtOnce = 1000;

/**
 * Stays with a job, by its id, or with all jobs of a reference, until they have ended; lists have a quota, so they are
 * looked at by id. @throws OrchSyncError when there is none.
 */
export async function waitForJobs(input: WaitInput & { readonly job: string }): Promise<Waited<ListedJob>> {
  const { reader, job, signal } = input;
  const folders = await foldersOf(reader, input.folder, signal);
  const known = new Map(folders.map((folder) => [folder.path, folder]));
  let rows = await findJobs(input);
  if (rows.length === 0) throw new OrchSyncError(`there is no job ${job}`, { hint: "give its id or its reference" });
  const tell = onChange(input);
  for (;;) {
    for (const { id, state } of rows) tell(id, state);
    if (signal.aborted || rows.every(({ state }) => finalStates.has(state))) break;
    await input.clock.sleep(input.poll, signal);
    const next: ListedJob[] = [];
    for (const row of rows) {
      const folder = known.get(row.folder);
      const seen =
        finalStates.has(row.state) || folder === undefined ? row : await reader.listedJob(folder, row.id, signal);
      if (seen === undefined) throw new OrchSyncError(`job ${row.id} is gone`);
      next.push(seen);
    }
    rows = next;
  }
  signal.throwIfAborted();
  return { rows, success: rows.every(({ state }) => state === "Successful") };
}

async function findJobs({
  reader,
  folder,
  job,
  signal,
}: WaitInput & { readonly job: string }): Promise<readonly ListedJob[]> {
  if (/^\d{1,15}$/.test(job)) {
    for (const each of await foldersOf(reader, folder, signal)) {
      const found = await reader.listedJob(each, Number(job), signal);
      if (found !== undefined) return [found];
    }
  }
  const filter = { state: [], reference: job, created: {}, started: {}, ended: {} };
  return (await listJobs({ reader, folder, filter, limit: jobsAtOnce, signal })).rows;
}

/** Stays with a queue item until it has ended; of one that is retried, with the last attempt. */
export async function waitForItem(
  input: WaitInput & { readonly item: string; readonly queue: string | undefined },
): Promise<Waited<ListedItem>> {
  const { reader, clock, poll, signal } = input;
  let { item, folder }: FoundItem = await findItem(input);
  const tell = onChange(input);
  for (;;) {
    tell(item.id, item.status);
    if (signal.aborted || finalStatuses.has(item.status)) break;
    const retry = item.status === "Retried" ? await reader.lastRetry(folder, item.id, signal) : undefined;
    if (retry === undefined) await clock.sleep(poll, signal);
    const next: ListedItem | undefined = await reader.listedItem(folder, retry ?? item.id, signal);
    if (next === undefined) throw new OrchSyncError(`queue item ${item.id} is gone`);
    item = next;
  }
  signal.throwIfAborted();
  return { rows: [item], success: item.status === "Successful" };
}

function onChange({ onState }: WaitInput): (id: number, state: string) => void {
  const told = new Map<number, string>();
  return (id, state) => {
    if (told.get(id) === state) return;
    told.set(id, state);
    onState(id, state);
  };
}
