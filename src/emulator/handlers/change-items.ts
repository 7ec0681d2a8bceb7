import { apiVersion } from "../editions.ts";
import { notFound, Refusal, refusalOf, unbound } from "../errors.ts";
import { array, choice, integer, object, text, type Bound } from "../http/body.ts";
import { action, query, type Call, type Reply, type Route } from "../http/route.ts";
import { memberNumber, reviewStatus } from "../model/enumerations.ts";
import { decodeRowVersion } from "../odata/row-version.ts";
import { addRetry, changeItem, dataColumns, findItem, queueById, status, type Item } from "../store/items.ts";
import { isReviewer } from "../store/users.ts";
import { authorOf, bulk } from "./answers.ts";
import { checkSchema, itemBody, readItemData, type ItemBody } from "./item-data.ts";

const versioned = object({ Id: integer, RowVersion: text });
type Versioned = Bound<{ Id: typeof integer; RowVersion: typeof text }>;
const memberRetried = memberNumber(reviewStatus, "Retried");
const write = { folder: "write", options: "entity" } as const;

export const changeItemRoutes: Readonly<Record<string, Route>> = {
  "PUT QueueItems(key)": action(
    { folder: "write", options: "none", parameter: "queueItemDto", body: itemBody },
    (call, body) => update(call, body),
  ),
  "DELETE QueueItems(key)": query({ folder: "write", options: "none" }, (call) => {
    const item = itemOf(call, call.key);
    checkDeletable(item);
    remove(call, item);
    return { status: 204 };
  }),
  "POST QueueItems/UiPathODataSvc.DeleteBulk": action(
    { ...write, parameter: "queueItemDeleteBulkParameters", body: object({ queueItems: array(versioned) }) },
    (call, { queueItems }) =>
      changeAll(call, queueItems, "Some items have not been deleted.", (item) => {
        checkDeletable(item);
        remove(call, item);
      }),
  ),
  "POST QueueItems/UiPathODataSvc.SetItemReviewer": action(
    { ...write, parameter: "itemReviewerParameters", body: object({ queueItems: array(versioned), userId: integer }) },
    (call, { queueItems, userId }) => {
      // The contract: "If not set, the reviewer is cleared."
      if (userId !== undefined && !isReviewer(call.db, userId, call.folder?.id)) {
        throw new Refusal("ReviewerNotAvailable", `ReviewerNotAvailable: user ${userId} cannot review items here.`);
      }
      return setReviewer(call, queueItems, userId ?? null);
    },
  ),
  "POST QueueItems/UiPathODataSvc.UnsetItemReviewer": action(
    { ...write, parameter: "itemReviewerParameters", body: object({ queueItems: array(versioned) }) },
    (call, { queueItems }) => setReviewer(call, queueItems, null),
  ),
  "POST QueueItems/UiPathODataSvc.SetItemReviewStatus": action(
    {
      ...write,
      parameter: "itemReviewStatusParameters",
      body: object({ queueItems: array(versioned), status: choice(reviewStatus) }),
    },
    (call, { queueItems, status: target }) => setReviewStatus(call, queueItems, target),
  ),
};

/** A full replace of five fields (contract); what cannot change must be sent as it is or left out. */
function update(call: Call, body: ItemBody): Reply {
  const item = itemOf(call, call.key);
  const data = readItemData(body, call.edition);
  if (data.reference !== null && data.reference !== item.reference) throw notEditable("Reference");
  if (data.riskSlaDate !== null && data.riskSlaDate !== item.riskSlaDate) throw notEditable("RiskSlaDate");
  if (item.status === status.inProgress) {
    throw new Refusal("QueueItemConflict", "Conflict with Queue Item being updated.");
  }
  checkSchema(queueById(call.db, item.queueId), data.content);
  call.db.transaction(() => {
    changeItem(call.db, item.id, dataColumns(data), { action: "Edit", now: call.now, author: authorOf(call) });
  });
  return { status: 200 };
}

function notEditable(name: string): Refusal {
  return new Refusal("FieldNotEditable", `The field ${name} cannot be edited.`);
}

function setReviewer(call: Call, items: readonly Versioned[] | undefined, userId: number | null): Reply {
  return changeAll(call, items, "Some items have not been updated.", (item) => {
    checkReviewable(item);
    const event = { action: "Edit", now: call.now, author: authorOf(call) } as const;
    // The review status stays: the history on the requests page has a reviewer set and the status None.
    changeItem(call.db, item.id, { reviewer_id: userId }, event);
  });
}

function setReviewStatus(call: Call, items: readonly Versioned[] | undefined, target: number | undefined): Reply {
  if (target === undefined) throw new Refusal("InvalidArgument", "The status is required.");
  return changeAll(call, items, "Some items have not been updated.", (item) => {
    checkReviewable(item);
    const author = authorOf(call);
    if (target !== memberRetried) {
      changeItem(call.db, item.id, { review_status: target }, { action: "Edit", now: call.now, author });
      return;
    }
    if (item.reviewStatus === memberRetried) throw refused();
    const changes = { review_status: target, status: status.retried };
    changeItem(call.db, item.id, changes, { action: "Retry", now: call.now, author });
    const countsManual = apiVersion(call.edition) >= 17;
    addRetry(call.db, item, { kind: "manual", seconds: item.seconds, countsManual }, call.now, author);
  });
}

/**
 * Changes each item whose RowVersion is the current one. What fails stands in FailedItems by its Id, and the others
 * are changed all the same (field reports: bulk deletes repeat only what failed).
 */
function changeAll(
  call: Call,
  items: readonly Versioned[] | undefined,
  message: string,
  change: (item: Item) => void,
): Reply {
  if (!items) throw unbound("queueItems");
  const failed: number[] = [];
  call.db.transaction(() => {
    for (const { Id, RowVersion } of items.slice(0, call.rows)) {
      if (Id === undefined) throw new Refusal("InvalidArgument", "The Id of a queue item is required.");
      const item = findItem(call.db, Id, call.folder?.id);
      const version = decodeRowVersion(RowVersion ?? "");
      if (!item || version !== item.version || refusalOf(() => change(item))) failed.push(Id);
    }
  });
  return bulk(call, "Int64", failed, message);
}

function remove(call: Call, item: Item): void {
  const event = { action: "Delete", now: call.now, author: authorOf(call) } as const;
  call.db.transaction(() => changeItem(call.db, item.id, { status: status.deleted }, event));
}

/** What a robot works on is not deleted, and what is deleted stays so. Stricter than any page says. */
function checkDeletable(item: Item): void {
  if (item.status === status.inProgress || item.status === status.deleted) throw refused();
}

/** A review is of failed work: only Failed and Abandoned items have one (About queues and transactions). */
function checkReviewable(item: Item): void {
  if (item.status !== status.failed && item.status !== status.abandoned) throw refused();
}

function refused(): Refusal {
  return new Refusal("QueueItemConflict", "The status of the item does not allow it.");
}

function itemOf(call: Call, id: number): Item {
  const item = findItem(call.db, id, call.folder?.id);
  if (!item) throw notFound("QueueItem");
  return item;
}
