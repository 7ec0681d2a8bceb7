import { apiVersion } from "../editions.ts";
import { notFound, Refusal, unbound, type RefusalName } from "../errors.ts";
import { choice, dto, flag, instant, map, object, text, type Bound } from "../http/body.ts";
import { action, type Call, type Reply, type Route } from "../http/route.ts";
import { formatInstant } from "../instant.ts";
import { queueItem } from "../model/entities.ts";
import { exceptionType, memberName, referenceFilter } from "../model/enumerations.ts";
import { changeItem, findItem, queueById, queueByName, status, type Item, type Queue } from "../store/items.ts";
import * as store from "../store/transactions.ts";
import { insertItem } from "./add-items.ts";
import { authorOf, byKey, one } from "./answers.ts";
import { checkFlat, checkSchema } from "./item-data.ts";
import { folderIn } from "./where.ts";

const transactionFields = {
  Name: text,
  RobotIdentifier: text, // a GUID by the contract; third-party clients send any text, and the server takes it
  SpecificContent: map,
  DeferDate: instant,
  DueDate: instant,
  Reference: text,
  ReferenceFilterOption: choice(referenceFilter),
  ParentOperationId: text,
};
type TransactionData = Bound<typeof transactionFields>;

const exceptionFields = {
  Reason: text,
  Details: text,
  Type: choice(exceptionType),
  AssociatedImageFilePath: text,
  CreationTime: instant,
};
type ProcessingException = Bound<typeof exceptionFields>;

const resultFields = {
  IsSuccessful: flag,
  ProcessingException: dto("ProcessingExceptionDto", exceptionFields),
  DeferDate: instant,
  DueDate: instant,
  Output: map,
  Analytics: map,
  Progress: text,
  OperationId: text,
};
type TransactionResult = Bound<typeof resultFields>;

const write = { folder: "write", options: "none" } as const;

/** What robots do with queue items: take one, say how it goes, say how it went. */
export const transactionRoutes: Readonly<Record<string, Route>> = {
  "POST Queues/UiPathODataSvc.StartTransaction": action(
    {
      folder: "write",
      options: "entity",
      parameter: "startTransactionParameters",
      body: object({ transactionData: dto("TransactionDataDto", transactionFields) }),
    },
    (call, { transactionData }) => {
      if (!transactionData) throw unbound("transactionData");
      return call.db.transaction(() => start(call, transactionData));
    },
  ),
  "POST Queues(key)/UiPathODataSvc.SetTransactionResult": action(
    {
      ...write,
      parameter: "transactionResultParameters",
      body: object({ transactionResult: dto("TransactionResultDto", resultFields) }),
    },
    (call, { transactionResult }) => {
      if (!transactionResult) throw unbound("transactionResult");
      call.db.transaction(() => end(call, transactionResult));
      return { status: 200 };
    },
  ),
  "POST QueueItems(key)/UiPathODataSvc.SetTransactionProgress": action(
    { ...write, parameter: "transactionProgressParameters", body: object({ progress: text }) },
    (call, { progress }) => {
      const item = itemInProgress(call);
      checkProgress(call, progress);
      call.db.transaction(() => {
        const event = { action: "Edit", now: call.now, author: authorOf(call) } as const;
        changeItem(call.db, item.id, { progress: progress ?? null }, event);
      });
      return { status: 200 };
    },
  ),
};

/** Content makes a new item, which the robot gets at once; without it the next of those that wait is taken. */
function start(call: Call, data: TransactionData): Reply {
  if (data.Name === undefined) throw unbound("Name");
  const queue = queueByName(call.db, data.Name, folderIn(call).id);
  if (!queue) throw notFound(data.Name);
  const id = data.SpecificContent === undefined ? next(call, queue, data) : insertItem(call, queue, itemOf(data));
  if (id === undefined) return { status: 204 };
  store.takeItem(call.db, id, store.robotOf(call.db, data.RobotIdentifier), call.now, authorOf(call));
  return one(call, queueItem, "QueueItems", byKey({ ...call, key: id }), "QueueItem");
}

function next(
  call: Call,
  queue: Queue,
  { Reference, ReferenceFilterOption: option }: TransactionData,
): number | undefined {
  if (Reference === undefined) return store.nextItem(call.db, queue.id, call.now);
  const strategy = memberName(referenceFilter, option ?? 0) === "StartsWith" ? "StartsWith" : "Equals";
  return store.nextItem(call.db, queue.id, call.now, { reference: Reference, strategy });
}

/** The members that a new item takes over. */
function itemOf({ RobotIdentifier: _robot, ReferenceFilterOption: _option, ...item }: TransactionData): typeof item {
  return item;
}

function end(call: Call, result: TransactionResult): void {
  const item = itemInProgress(call);
  const { DeferDate: deferDate = null, DueDate: dueDate = null, ProcessingException: exception } = result;
  const successful = result.IsSuccessful ?? false;
  checkProgress(call, result.Progress);
  // Neither done nor failed, and to be done later: what the activity Postpone Transaction Item sends.
  if (!successful && !exception && deferDate !== null) {
    store.postponeItem(call.db, item, deferDate, dueDate, call.now, authorOf(call));
    return;
  }
  const { edition } = call;
  const queue = queueById(call.db, item.queueId);
  const output = dataOf("Output", "QueueItemOutputDataSizeExceeded", result.Output, edition.maxOutputLength);
  const analytics = dataOf(
    "Analytics",
    "QueueItemAnalyticsDataSizeExceeded",
    result.Analytics,
    edition.maxAnalyticsLength,
  );
  if (successful) {
    checkSchema({ jsonSchema: queue.outputSchema }, output);
    checkSchema({ jsonSchema: queue.analyticsSchema }, analytics);
  }
  const failure = successful ? undefined : exception;
  const outcome: store.Outcome = {
    successful,
    exception: failure ? exceptionOf(call, failure) : null,
    exceptionType: failure ? (failure.Type ?? 0) : null,
    output,
    analytics,
    progress: result.Progress,
    operationId: result.OperationId ?? null,
    deferDate,
    dueDate,
  };
  store.endItem(call.db, item, queue, outcome, apiVersion(edition) >= 17, call.now, authorOf(call));
}

/** A processing exception as it is answered. Longer reasons and details are cut (release notes, June 2024). */
function exceptionOf({ edition, now }: Call, exception: ProcessingException): string {
  const { Reason, Details, Type, AssociatedImageFilePath, CreationTime } = exception;
  return JSON.stringify({
    Reason: Reason?.slice(0, edition.maxReasonLength) ?? null,
    Details: Details?.slice(0, edition.maxReasonLength) ?? null,
    Type: memberName(exceptionType, Type ?? 0),
    AssociatedImageFilePath: AssociatedImageFilePath ?? null,
    CreationTime: formatInstant(CreationTime ?? now),
  });
}

function dataOf(
  name: string,
  reason: RefusalName,
  data: Readonly<Record<string, unknown>> | undefined,
  maxLength: number,
): string | null {
  if (data === undefined) return null;
  checkFlat(name, data);
  const json = JSON.stringify(data);
  if (json.length > maxLength) {
    throw new Refusal(reason, `${reason}: ${name} is longer than ${maxLength} characters.`);
  }
  return json;
}

function checkProgress({ edition }: Call, progress = ""): void {
  if (progress.length <= edition.maxProgressLength) return;
  const name = "QueueItemProgressDataSizeExceeded";
  throw new Refusal(name, `${name}: Progress is longer than ${edition.maxProgressLength} characters.`);
}

/** Only what a robot works on has a result: nothing leaves a final state (queue item statuses). */
function itemInProgress(call: Call): Item {
  const item = findItem(call.db, call.key, folderIn(call).id);
  if (!item) throw notFound("QueueItem");
  if (item.status === status.inProgress) return item;
  if (item.status === status.new) {
    throw new Refusal("TransactionNotStarted", "TransactionNotStarted: no robot works on the item.");
  }
  const message = "QueueItemInvalidTransitionFromFinalStatus: the item has a final status.";
  throw new Refusal("QueueItemInvalidTransitionFromFinalStatus", message);
}
