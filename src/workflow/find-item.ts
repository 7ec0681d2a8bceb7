import { OrchSyncError, UsageError } from "../core/errors.ts";
import type { ListedItem } from "../core/listing.ts";
import type { PlanFolder } from "../core/plan.ts";
import type { TenantReader } from "../orchestrator/index.ts";
import { foldersOf } from "./folders.ts";
import { listItems } from "./listing.ts";

/** What a command says of the item that it means. */
export interface ItemWish {
  readonly reader: TenantReader;
  /** Left out: every folder. */
  readonly folder: string | undefined;
  /** An id or a reference. */
  readonly item: string;
  readonly queue: string | undefined;
  readonly signal: AbortSignal;
}

export interface FoundItem {
  readonly item: ListedItem;
  readonly folder: PlanFolder;
}

const attempts = 100;

/**
 * The item of that id, else the newest attempt under that reference.
 * @throws OrchSyncError when there is none, UsageError when the reference is one in several queues.
 */
export async function findItem(wish: ItemWish): Promise<FoundItem> {
  const { reader, folder, item, queue, signal } = wish;
  const folders = await foldersOf(reader, folder, signal);
  const id = /^\d{1,15}$/.test(item) ? Number(item) : undefined;
  for (const each of id === undefined || queue !== undefined ? [] : folders) {
    const found = await reader.listedItem(each, id ?? 0, signal);
    if (found !== undefined) return { item: found, folder: each };
  }
  const filter = { status: [], reviewStatus: [], reference: item, ended: {} };
  const { rows } = await listItems({ reader, folder, queue, filter, limit: attempts, signal });
  const [newest] = rows;
  if (newest === undefined) {
    throw new OrchSyncError(`there is no queue item ${item}${queue === undefined ? "" : ` in queue ${queue}`}`, {
      hint: "give its id, or its reference with --queue and --folder",
    });
  }
  const queues = [...new Set(rows.map((row) => row.queue))];
  if (queues.length > 1) {
    throw new UsageError(`the reference ${item} is in the queues ${queues.join(", ")}`, { hint: "say which: --queue" });
  }
  const place = folders.find(({ path }) => path === newest.folder);
  if (place === undefined) throw new OrchSyncError(`the folder ${newest.folder} is gone`);
  return { item: newest, folder: place };
}
