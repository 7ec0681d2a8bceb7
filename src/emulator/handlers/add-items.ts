import { ApiError, notFound, Refusal, refusalOf, unbound } from "../errors.ts";
import { array, choice, object, text } from "../http/body.ts";
import { action, type Call, type Reply, type Route } from "../http/route.ts";
import { queueItem } from "../model/entities.ts";
import { commitType } from "../model/enumerations.ts";
import { addItem, isReferenceTaken, nextVersion, queueByName, type Queue } from "../store/items.ts";
import { startByTrigger } from "../store/triggers.ts";
import { authorOf, bulk, byKey, one } from "./answers.ts";
import { checkSchema, itemBody, readItemData, requireReference, type ItemBody } from "./item-data.ts";

/** One row that a bulk call did not add; `Ordinal` counts from 1 (Transactions requests, 2023.4). */
interface FailedRow {
  readonly Ordinal: number;
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export const addItemRoutes: Readonly<Record<string, Route>> = {
  "POST Queues/UiPathODataSvc.AddQueueItem": action(
    { folder: "write", options: "entity", parameter: "itemParameters", body: object({ itemData: itemBody }) },
    (call, { itemData }) => {
      if (!itemData) throw unbound("itemData");
      return addOne(call, itemData);
    },
  ),
  "POST Queues/UiPathODataSvc.BulkAddQueueItems": action(
    {
      folder: "write",
      options: "entity",
      parameter: "bulkAddParameters",
      body: object({ queueName: text, commitType: choice(commitType), queueItems: array(itemBody) }),
    },
    (call, body) => {
      if (body.queueName === undefined) throw unbound("queueName");
      if (body.commitType === undefined) throw unbound("commitType");
      const queue = findQueue(call, body.queueName);
      return addMany(call, queue, body.queueItems ?? [], commitType.members[body.commitType] ?? "");
    },
  ),
};

function addOne(call: Call, body: ItemBody): Reply {
  if (body.Name === undefined) throw unbound("Name");
  const queue = findQueue(call, body.Name);
  return call.db.transaction(() => {
    const id = insertItem(call, queue, body);
    startByTrigger(call.db, queue.id, call.now);
    return one(call, queueItem, "queueItem", byKey({ ...call, key: id }), "QueueItem", call.edition.createdStatus);
  });
}

/**
 * AllOrNothing adds nothing and names the first failure only. ProcessAllIndependently adds what it can and names all
 * failures. StopOnFirstFailure keeps the rows before the failure and says nothing of those behind it.
 */
function addMany(call: Call, queue: Queue, rows: readonly ItemBody[], commit: string): Reply {
  const failed: FailedRow[] = [];
  const add = (): void => {
    const part = rows.slice(0, call.rows);
    const version = nextVersion(call.db, part.length);
    for (const [index, row] of part.entries()) {
      const failure = refusalOf(() => insertItem(call, queue, row, version + index));
      if (failure === undefined) continue;
      failed.push({ Ordinal: index + 1, ErrorCode: failure.reason, ErrorMessage: failure.message });
      if (commit === "AllOrNothing") throw new Undo();
      if (commit === "StopOnFirstFailure") break;
    }
    if (commit === "AllOrNothing" && part.length < rows.length) throw new Undo();
    if (part.length > failed.length) startByTrigger(call.db, queue.id, call.now);
  };
  try {
    call.db.transaction(add);
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
  return bulk(call, "FailedQueueItemDto", failed, "Some items have not been inserted.");
}

/** Rolls a bulk call back that has its answer already. */
class Undo extends Error {}

/** Adds an item as sent to a queue, or says why not. */
export function insertItem(call: Call, queue: Queue, body: ItemBody, version: number = nextVersion(call.db)): number {
  const data = readItemData(body, call.edition);
  if (queue.uniqueReferences && isReferenceTaken(call.db, queue, requireReference(data.reference))) {
    throw new Refusal("DuplicateReference", "Error creating Transaction. Duplicate Reference.");
  }
  checkSchema(queue, data.content);
  return addItem(call.db, queue.id, data, version, { now: call.now, author: authorOf(call) });
}

function findQueue(call: Call, name: string): Queue {
  if (!call.folder) throw new ApiError(500, 0, "A write without a folder.");
  const queue = queueByName(call.db, name, call.folder.id);
  if (!queue) throw notFound(name);
  return queue;
}
