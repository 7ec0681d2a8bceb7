import type { ApiError } from "../../core/errors.ts";
import type { Fault } from "../../core/fault.ts";
import type { PlanFolder } from "../../core/plan.ts";
import { sendable } from "../../kinds/capabilities.ts";
import { isMissing, type Missing } from "../../kinds/live.ts";
import type { LiveQueue, LiveQueueItem } from "../../kinds/queue-items/live.ts";
import type { Content } from "../../kinds/queue-items/spec.ts";
import { readBulk } from "../gateways/answers.ts";
import { isDuplicate } from "../gateways/queue-items/duplicates.ts";
import { isQueryRefused, toError } from "../http/errors.ts";
import type { WriteResult } from "../http/failure.ts";
import { and, eq, int, str } from "../odata/filter.ts";
import { queryString } from "../odata/query.ts";
import { toQueueItem } from "../read/queue-item-row.ts";
import type { QueuePlace } from "../read/queue-items.ts";
import { itemsPath } from "../read/queue-query.ts";
import { isRow, rowsOf } from "../read/row.ts";
import type { TenantReader } from "../read/tenant.ts";

/** What a write to the queue came to. `taken`: the reference is used already (1016); `stale`: another RowVersion. */
type Kept<T> =
  | { readonly ending: "done"; readonly value: T }
  | { readonly ending: "taken" }
  | { readonly ending: "stale"; readonly by: "409" | "failedItems" }
  | { readonly ending: "refused"; readonly fault: Fault }
  | { readonly ending: "open"; readonly fault: Fault };

/** The queue that is kept for leases and ledger entries: items that no robot ever gets, found by reference. */
export interface LeaseQueue {
  /** The server's clock. */
  now(): Date;
  /** Rows under a reference, the newest first; there are many that were deleted, so not all of them. */
  newest(reference: string, signal: AbortSignal): Promise<readonly LiveQueueItem[]>;
  /** Rows under any of these references. */
  under(references: readonly string[], signal: AbortSignal): Promise<readonly LiveQueueItem[]>;
  /** One item, not by a list: lists have a quota. Undefined when it is gone. */
  byId(id: number, signal: AbortSignal): Promise<LiveQueueItem | undefined>;
  /** Adds an item and says its Id. */
  add(reference: string, content: Content, signal: AbortSignal): Promise<Kept<number>>;
  /** Replaces the content of an item. Whether it did is for `byId` to tell: there is no version check for it. */
  replace(item: Pick<LiveQueueItem, "id" | "reference">, content: Content, signal: AbortSignal): Promise<Kept<void>>;
  /** Deletes an item if its RowVersion is still this one. Without an item: asks whether this account may. */
  remove(item: Pick<LiveQueueItem, "id" | "rowVersion"> | undefined, signal: AbortSignal): Promise<Kept<void>>;
  /** A refusal as an error that says what failed and what to do. */
  errorOf(fault: Fault): ApiError;
}

/** Looks the queue of a lease up by its names, or says which of them is unknown. */
export async function findLeaseQueue(
  names: { readonly folder: string; readonly queue: string },
  reader: TenantReader,
  signal: AbortSignal,
): Promise<{ readonly folder: PlanFolder; readonly queue: LiveQueue } | { readonly unknown: string }> {
  const folder = await reader.folder(names.folder, signal);
  if (isMissing(folder)) return { unknown: `folder ${unknownName(folder)}` };
  const queue = await reader.queue(folder, names.queue, signal);
  return isMissing(queue) ? { unknown: `queue ${unknownName(queue)} in folder ${folder.path}` } : { folder, queue };
}

function unknownName({ missing, nearest }: Missing): string {
  return nearest === undefined ? missing : `${missing} (did you mean ${nearest}?)`;
}

/** Rows of a reference that one look shows: one counts, and whoever releases a lease leaves a deleted one. */
const rowsAtOnce = 10;
const addPath = "/odata/Queues/UiPathODataSvc.AddQueueItem";
const deletePath = `${itemsPath}/UiPathODataSvc.DeleteBulk`;

/** So that no robot gets an item and no trigger counts it. */
const years = 10;

export function openLeaseQueue(folder: PlanFolder, queue: LiveQueue, reader: TenantReader): LeaseQueue {
  const { client } = reader;
  const place: QueuePlace = { folder: folder.id, queue: queue.id };
  const send = (method: "POST" | "PUT", path: string, body: unknown, signal: AbortSignal, expects: "json" | "none") =>
    client.write(method, path, body, { folder: folder.id, signal, expects });
  const itemData = (reference: string | null, content: Content): Record<string, unknown> =>
    sendable(reader.capabilities, "QueueItemDataDto", {
      Name: queue.name,
      ...(reference === null ? {} : { Reference: reference }),
      Priority: "Low",
      DeferDate: yearsFrom(client.now()),
      SpecificContent: content,
    });

  return {
    now: () => client.now(),
    newest: async (reference, signal) => {
      const filter = and(eq("QueueDefinitionId", int(queue.id)), eq("Reference", str(reference)));
      const query = queryString({ filter, orderBy: "Id desc", top: rowsAtOnce });
      try {
        return rowsOf(await client.get(itemsPath, { query, folder: folder.id, signal })).map(toQueueItem);
      } catch (error) {
        if (!isQueryRefused(error)) throw error;
        return reader.items.byReferences(place, [reference], signal);
      }
    },
    under: (references, signal) => reader.items.byReferences(place, references, signal),
    byId: async (id, signal) => {
      const row = await reader.items.byId(folder.id, id, signal);
      return row === undefined ? undefined : toQueueItem(row);
    },
    add: async (reference, content, signal) => {
      const result = await send("POST", addPath, { itemData: itemData(reference, content) }, signal, "json");
      if (result.ending === "refused" && isDuplicate(result.fault.errorCode)) return { ending: "taken" };
      if (result.ending !== "answered") return result;
      if (!isRow(result.body)) return unreadable(`POST ${addPath}`, result.status);
      return { ending: "done", value: result.body.Id };
    },
    replace: async ({ id, reference }, content, signal) => {
      const body = itemData(reference, content);
      const result = await send("PUT", `${itemsPath}(${id})`, body, signal, "none");
      return result.ending === "answered" ? done : result;
    },
    remove: async (item, signal) => {
      const queueItems = item === undefined ? [] : [{ Id: item.id, RowVersion: item.rowVersion }];
      const result = await send("POST", deletePath, { queueItems }, signal, "json");
      return judgeDelete(result);
    },
    errorOf: (fault) => toError(fault, new URL(client.baseUrl).host),
  };
}

const done = { ending: "done", value: undefined } as const;

/** A conflict comes as 200 with the Id in FailedItems, or as 409: no source says which. */
function judgeDelete(result: WriteResult): Kept<void> {
  if (result.ending === "refused" && result.fault.status === 409) return { ending: "stale", by: "409" };
  if (result.ending !== "answered") return result;
  const bulk = readBulk(result.body);
  if (bulk === undefined) return unreadable(`POST ${deletePath}`, result.status);
  if (bulk.failed.length > 0) return { ending: "stale", by: "failedItems" };
  return bulk.success ? done : unreadable(`POST ${deletePath}`, result.status);
}

function unreadable(call: string, status: number): Extract<Kept<never>, { readonly ending: "open" }> {
  return { ending: "open", fault: { kind: "content", call, status, message: "the answer is not of the right type" } };
}

function yearsFrom(now: Date): string {
  const later = new Date(now);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later.toISOString();
}
