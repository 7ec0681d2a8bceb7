import { hasPrefix } from "../../core/fold.ts";
import { isRecord } from "../../core/json.ts";
import type { ListedItem, Listing } from "../../core/listing.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { LiveQueue } from "../../kinds/queue-items/live.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isNotFound } from "../http/errors.ts";
import { queryString } from "../odata/query.ts";
import { eq, int, startsWith, str } from "../odata/filter.ts";
import { containing, named, ofRobot, oneOf, within, type RobotOf, type Span } from "./conditions.ts";
import { readNewest, type Condition } from "./newest.ts";
import { toReviewItem } from "./queue-item-row.ts";
import { itemsPath } from "./queue-query.ts";
import { isRow, number, text, type Row } from "./row.ts";

/** Which queue items to list; what is left out or empty takes all. */
export interface ItemFilter {
  readonly status: readonly string[];
  readonly reviewStatus: readonly string[];
  readonly exceptionType?: string | undefined;
  /** Part of the exception's reason: no server filters by it, so it is looked for here. */
  readonly error?: string | undefined;
  readonly reference?: string | undefined;
  readonly prefix?: string | undefined;
  /** An id or a name. */
  readonly robot?: string | undefined;
  readonly ended: Span;
}

interface ItemPlace {
  readonly folder: PlanFolder;
  /** All queues of the folder, for their names. */
  readonly queues: readonly LiveQueue[];
  /** Left out: items of all of them. */
  readonly queue?: LiveQueue | undefined;
}

interface Read {
  readonly item: ListedItem;
  readonly queueId: number | null;
  readonly robot: RobotOf | undefined;
}

/** The newest items that a filter takes. Strict API mode allows all that is asked of the server. */
export async function listItems(
  client: OrchestratorClient,
  place: ItemPlace,
  filter: ItemFilter,
  limit: number,
  signal: AbortSignal,
): Promise<Listing<ListedItem>> {
  const { folder, queues, queue } = place;
  const names = new Map(queues.map(({ id, name }) => [id, name]));
  const found = await readNewest<Read>(client, {
    path: itemsPath,
    folder: folder.id,
    conditions: [...ofQueue(queue), ...conditions(filter)],
    expand,
    size: client.capabilities.queueItemsPage,
    limit,
    read: (row) => toRead(row, folder.path, names),
    signal,
  });
  return { ...found, rows: found.rows.map(({ item }) => item) };
}

/** One item by its id; undefined when there is none in the folder. Not a list call: waits poll with this. */
export async function readListedItem(
  client: OrchestratorClient,
  { folder, queues }: Omit<ItemPlace, "queue">,
  id: number,
  signal: AbortSignal,
): Promise<ListedItem | undefined> {
  try {
    const query = queryString({ expand });
    const body = await client.get(`${itemsPath}(${id})`, { query, folder: folder.id, signal });
    const names = new Map(queues.map((queue) => [queue.id, queue.name]));
    return isRow(body) ? toRead(body, folder.path, names).item : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The last attempt after an item that was retried; undefined when there is none yet. */
export async function readLastRetry(
  client: OrchestratorClient,
  folder: PlanFolder,
  id: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const path = `${itemsPath}(${id})/UiPath.Server.Configuration.OData.GetItemLastRetry`;
  try {
    const body = await client.get(path, { folder: folder.id, signal });
    return isRow(body) ? body.Id : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const expand = "Robot,ReviewerUser";

function ofQueue(queue: LiveQueue | undefined): Condition<Read>[] {
  if (queue === undefined) return [];
  const { id } = queue;
  return [{ filter: eq("QueueDefinitionId", int(id)), matches: ({ queueId }) => queueId === null || queueId === id }];
}

function conditions(filter: ItemFilter): Condition<Read>[] {
  const { prefix } = filter;
  return [
    ...oneOf<Read>("Status", filter.status, ({ item }) => item.status),
    ...oneOf<Read>("ReviewStatus", filter.reviewStatus, ({ item }) => item.reviewStatus),
    ...named<Read>("ProcessingExceptionType", filter.exceptionType, ({ item }) => item.exceptionType, false),
    ...named<Read>("Reference", filter.reference, ({ item }) => item.reference),
    ...(prefix === undefined
      ? []
      : [
          {
            filter: startsWith("Reference", str(prefix)),
            proven: false,
            matches: ({ item }: Read) => hasPrefix(item.reference ?? "", prefix),
          },
        ]),
    ...ofRobot<Read>(filter.robot, ({ robot }) => robot),
    ...within<Read>("EndProcessing", filter.ended, ({ item }) => item.ended, false),
    ...containing<Read>(undefined, filter.error, ({ item }) => item.error),
  ];
}

function toRead(row: Row, folder: string, names: ReadonlyMap<number, string>): Read {
  const seen = toReviewItem(row);
  const queueId = number(row, "QueueDefinitionId");
  const user = isRecord(row["ReviewerUser"]) ? row["ReviewerUser"] : {};
  const { reviewerUserId } = seen;
  const item: ListedItem = {
    folder,
    queue: names.get(queueId ?? -1) ?? String(queueId ?? ""),
    id: row.Id,
    reference: seen.reference,
    status: seen.status,
    reviewStatus: seen.reviewStatus,
    reviewer: text(user, "UserName") ?? (reviewerUserId === null ? null : `user ${reviewerUserId}`),
    priority: text(row, "Priority"),
    robot: seen.robotName ?? null,
    retryNumber: number(row, "RetryNumber"),
    created: text(row, "CreationTime"),
    deferDate: text(row, "DeferDate"),
    dueDate: text(row, "DueDate"),
    started: text(row, "StartProcessing"),
    ended: seen.endProcessing ?? null,
    exceptionType: seen.exceptionType ?? null,
    error: seen.exceptionReason ?? null,
  };
  return { item, queueId, robot: robotOf(row) };
}

/** The robot of a row that was asked to expand it. */
export function robotOf(row: Row): RobotOf | undefined {
  const robot = row["Robot"];
  if (!isRecord(robot)) return undefined;
  return { id: number(robot, "Id") ?? 0, name: text(robot, "Name") ?? "" };
}
