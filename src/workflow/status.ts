import { summarizeDrift } from "../core/drift.ts";
import { summarize, type Plan, type PlannedResource } from "../core/plan.ts";
import type { ManifestStatus, ProcessStatus, TenantStatus } from "../core/tenant-status.ts";
import type { TenantReader } from "../orchestrator/index.ts";
import { foldersOf } from "./folders.ts";

export interface StatusInput {
  readonly reader: TenantReader;
  /** Left out: every folder. */
  readonly folder?: string | undefined;
  /** Left out: every queue. */
  readonly queue?: string | undefined;
  /** How far back jobs are counted that have ended, in milliseconds. */
  readonly window: number;
  readonly signal: AbortSignal;
}

/** Looks once at all queues and processes: two calls a folder, of which one is a list call. */
export async function readStatus(
  input: StatusInput,
): Promise<Pick<TenantStatus, "at" | "since" | "queues" | "processes">> {
  const { reader, folder, queue, window, signal } = input;
  const folders = await foldersOf(reader, folder, signal);
  const now = reader.now();
  const since = new Date(now.getTime() - window);
  const queues: TenantStatus["queues"][number][] = [];
  const processes: ProcessStatus[] = [];
  for (const each of folders) {
    queues.push(...(await reader.queueStatus(each, queue, signal)));
    const states = await reader.jobs.states(each, since, signal);
    processes.push(...[...states].map(([name, jobs]) => ({ folder: each.path, name, jobs })));
  }
  return {
    at: now.toISOString(),
    since: since.toISOString(),
    queues: ordered(queues),
    processes: ordered(processes),
  };
}

/** In the folders' order, within each by name. */
function ordered<T extends { readonly folder: string; readonly name: string }>(rows: readonly T[]): T[] {
  const byName = (a: T, b: T): number => (a.name < b.name ? -1 : Number(a.name > b.name));
  return [...Map.groupBy(rows, ({ folder }) => folder).values()].flatMap((ofFolder) => ofFolder.toSorted(byName));
}

/** What a plan says of each manifest. */
export function manifestStatus({ resources }: Pick<Plan, "resources">): ManifestStatus[] {
  return resources.map((resource) => ({
    key: resource.key,
    state: stateOf(resource),
    summary: summarize([resource]),
  }));
}

function stateOf(resource: PlannedResource): ManifestStatus["state"] {
  if (summarize([resource]).blocked > 0) return "blocked";
  const { converges, waits, always } = summarizeDrift([resource]);
  return converges > 0 ? "differs" : waits + always > 0 ? "waits" : "in-line";
}
