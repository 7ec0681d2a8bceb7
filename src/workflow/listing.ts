import { OrchSyncError, UsageError } from "../core/errors.ts";
import type { ListedItem, ListedJob, Listing } from "../core/listing.ts";
import type { PlanFolder } from "../core/plan.ts";
import { isMissing } from "../kinds/live.ts";
import type { ItemFilter, JobFilter, TenantReader } from "../orchestrator/index.ts";
import { foldersOf } from "./folders.ts";

interface ListInput<Filter> {
  readonly reader: TenantReader;
  /** Left out: every folder. */
  readonly folder: string | undefined;
  readonly filter: Filter;
  /** Rows at most. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** The newest queue items that a filter takes. @throws OrchSyncError when no folder has the queue. */
export async function listItems(
  input: ListInput<ItemFilter> & { readonly queue: string | undefined },
): Promise<Listing<ListedItem>> {
  const { reader, queue, filter, limit, signal } = input;
  let known = queue === undefined;
  let hint: string | undefined;
  const found = await inFolders(input, async (folder) => {
    const queues = await reader.queues(folder, signal);
    if (queue === undefined) return reader.listItems({ folder, queues }, filter, limit, signal);
    const named = await reader.queue(folder, queue, signal);
    if (isMissing(named)) {
      hint ??= named.nearest === undefined ? undefined : `did you mean ${named.nearest}?`;
      return { rows: [], total: 0, more: false };
    }
    known = true;
    return reader.listItems({ folder, queues, queue: named }, filter, limit, signal);
  });
  if (!known) throw new OrchSyncError(`there is no queue ${queue ?? ""}`, { hint });
  return found;
}

/** The last API version whose processes have environments. */
const lastWithEnvironments = 19;

/** The newest jobs that a filter takes. @throws UsageError for an environment where the server has none. */
export async function listJobs(input: ListInput<JobFilter>): Promise<Listing<ListedJob>> {
  const { reader, filter, limit, signal } = input;
  const version = await reader.apiVersion(signal);
  if (filter.environment !== undefined && version > lastWithEnvironments) {
    throw new UsageError(`the server speaks API ${version}, which has no environments`, {
      hint: "filter by --folder, --process or --robot",
    });
  }
  return inFolders(input, (folder) => reader.listJobs(folder, filter, limit, signal));
}

/** Of several folders together the newest by Id, each row once: a linked queue shows its items in all of its folders. */
async function inFolders<Row extends { readonly id: number }>(
  { reader, folder, limit, signal }: Omit<ListInput<unknown>, "filter">,
  list: (folder: PlanFolder) => Promise<Listing<Row>>,
): Promise<Listing<Row>> {
  const folders = await foldersOf(reader, folder, signal);
  const [only] = folders;
  if (only !== undefined && folders.length === 1) return list(only);
  const rows = new Map<number, Row>();
  let more = false;
  for (const each of folders) {
    const found = await list(each);
    more ||= found.more;
    for (const row of found.rows) if (!rows.has(row.id)) rows.set(row.id, row);
  }
  const sorted = [...rows.values()].toSorted((a, b) => b.id - a.id);
  const kept = sorted.slice(0, limit);
  return more || sorted.length > limit ? { rows: kept, more: true } : { rows: kept, total: kept.length, more: false };
}
