import { notFound } from "../errors.ts";
import { numberParameter, query, type Call, type Route } from "../http/route.ts";
import * as entities from "../model/entities.ts";
import type { Entity } from "../odata/model.ts";
import { inFolder } from "../store/folders.ts";
import { findItem } from "../store/items.ts";
import { firstUser, reviewers } from "../store/users.ts";
import { isUuid } from "../uuid.ts";
import { byKey, list, one } from "./answers.ts";

/** In calls across folders the contract takes these; everybody here has every permission. */
const permissions = ["mandatoryPermissions", "atLeastOnePermissions"] as const;
const all = { sql: "1", values: [] } as const;
const listOf = { folder: "read", options: "list" } as const;
const entityOf = { folder: "read", options: "entity" } as const;

/** Everything that only reads: lists, entities by key, functions. */
export const readRoutes: Readonly<Record<string, Route>> = {
  ...tenantWide("Folders", entities.folder, "Folder"),
  ...tenantWide("Users", entities.user, "User"),
  ...tenantWide("Machines", entities.machine, "Machine"),
  ...foldered("Releases", entities.release, "Release"),
  ...foldered("QueueDefinitions", entities.queueDefinition, "QueueDefinition"),
  ...foldered("QueueItems", entities.queueItem, "QueueItem", "DESC"),
  ...foldered("Jobs", entities.job, "Job"),
  ...foldered("Environments", entities.environment, "Environment"),

  "GET Users/UiPath.Server.Configuration.OData.GetCurrentUser": query({ folder: "none", options: "entity" }, (call) => {
    const id = call.caller.kind === "user" ? firstUser(call.db) : null;
    return one(call, entities.user, "Users", { sql: "t0.id IS ?", values: [id] }, "User");
  }),

  "GET QueueDefinitions/UiPath.Server.Configuration.OData.GetQueuesAcrossFolders": query(
    { ...listOf, plain: ["excludeFolderId"] },
    (call) => list(call, entities.queueDefinition, "QueueDefinitions", all),
  ),
  "GET Jobs/UiPath.Server.Configuration.OData.GetByKey(identifier)": query(entityOf, (call) => {
    const key = call.parameters["identifier"] ?? "";
    if (!isUuid(key)) throw notFound("Job");
    const { sql, values } = inFolder(call.folder);
    return one(
      call,
      entities.job,
      "Jobs",
      { sql: `t0.key = ? AND ${sql}`, values: [key.toLowerCase(), ...values] },
      "Job",
    );
  }),
  "GET QueueItems/UiPath.Server.Configuration.OData.GetReviewers": query(listOf, (call) =>
    list(call, entities.user, "SimpleUsers", reviewers(call.folder?.id)),
  ),
  "GET QueueItems(key)/UiPath.Server.Configuration.OData.GetItemLastRetry": query(listOf, (call) => {
    const { sql, values } = inFolder(call.folder);
    const last = `t0.id = (SELECT max(n.id) FROM items n WHERE n.key = (SELECT o.key FROM items o WHERE o.id = ?) AND n.id > ?)`;
    const scope = { sql: `${last} AND ${sql}`, values: [call.key, call.key, ...values] };
    return one(call, entities.queueItem, "QueueItems", scope, "QueueItem");
  }),

  "GET QueueItemEvents": query(listOf, (call) => list(call, entities.queueItemEvent, "QueueItemEvents", ofItems(call))),
  "GET QueueItemEvents(key)": query(entityOf, (call) =>
    one(call, entities.queueItemEvent, "QueueItemEvents", ofItems(call, call.key), "QueueItemEvent"),
  ),
  "GET QueueItemEvents/UiPath.Server.Configuration.OData.GetQueueItemEventsHistory(queueItemId)": query(
    listOf,
    (call) => list(call, entities.queueItemEvent, "QueueItemEvents", ofItem(call)),
  ),
  "GET QueueItemComments": query(listOf, (call) =>
    list(call, entities.queueItemComment, "QueueItemComments", ofItems(call)),
  ),
  "GET QueueItemComments(key)": query(entityOf, (call) =>
    one(call, entities.queueItemComment, "QueueItemComments", ofItems(call, call.key), "QueueItemComment"),
  ),
  "GET QueueItemComments/UiPath.Server.Configuration.OData.GetQueueItemCommentsHistory(queueItemId)": query(
    listOf,
    (call) => list(call, entities.queueItemComment, "QueueItemComments", ofItem(call)),
  ),
  "GET QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus": query(listOf, (call) => {
    const context = "Collection(UiPath.Core.Model.Queues.QueueProcessingStatus)";
    return list(call, entities.queueStatus, context, inFolder(call.folder));
  }),

  "GET Robots": query(listOf, (call) => list(call, entities.robot, "Robots", robotsIn(call.folder?.id))),
  "GET Robots(key)": query(entityOf, (call) => {
    const { sql, values } = robotsIn(call.folder?.id);
    return one(call, entities.robot, "Robots", { sql: `t0.id = ? AND ${sql}`, values: [call.key, ...values] }, "Robot");
  }),
  "GET Robots/UiPath.Server.Configuration.OData.FindAllAcrossFolders": query(listOf, (call) =>
    list(call, entities.robot, "Robots", all),
  ),
  "GET Robots/UiPath.Server.Configuration.OData.GetConfiguredRobots": query(listOf, (call) =>
    list(call, entities.robot, "Robots", all),
  ),
  "GET Robots/UiPath.Server.Configuration.OData.GetFolderRobots(folderId,machineId)": query(listOf, (call) => {
    const machine = numberParameter(call, "machineId"); // 0: on any machine
    const { sql, values } = robotsIn(numberParameter(call, "folderId"));
    const scope = { sql: `${sql} AND (? = 0 OR t0.machine_id = ?)`, values: [...values, machine, machine] };
    return list(call, entities.robot, "Robots", scope);
  }),
};

function tenantWide(set: string, entity: Entity, name: string): Readonly<Record<string, Route>> {
  return {
    [`GET ${set}`]: query({ folder: "none", options: "list" }, (call) => list(call, entity, set, all)),
    [`GET ${set}(key)`]: query({ folder: "none", options: "entity" }, (call) =>
      one(call, entity, set, { sql: "t0.id = ?", values: [call.key] }, name),
    ),
  };
}

function foldered(
  set: string,
  entity: Entity,
  name: string,
  order: "ASC" | "DESC" = "ASC",
): Readonly<Record<string, Route>> {
  return {
    [`GET ${set}`]: query({ ...listOf, plain: permissions }, (call) =>
      list(call, entity, set, inFolder(call.folder), order),
    ),
    [`GET ${set}(key)`]: query(entityOf, (call) => one(call, entity, set, byKey(call), name)),
  };
}

/** The rows of one item's history; an item that the folder does not have is not there. */
function ofItem(call: Call): { readonly sql: string; readonly values: readonly number[] } {
  const itemId = numberParameter(call, "queueItemId");
  if (!findItem(call.db, itemId, call.folder?.id)) throw notFound("QueueItem");
  return { sql: "t0.item_id = ?", values: [itemId] };
}

/** The rows of all items in the call's folder, or the one of them with this Id. */
function ofItems(call: Call, id?: number): { readonly sql: string; readonly values: readonly number[] } {
  const inIt = `t0.item_id IN (SELECT i.id FROM items i JOIN queue_folders q ON q.queue_id = i.queue_id WHERE q.folder_id = ?)`;
  const folder = call.folder ? { sql: inIt, values: [call.folder.id] } : { sql: "1", values: [] };
  return id === undefined ? folder : { sql: `t0.id = ? AND ${folder.sql}`, values: [id, ...folder.values] };
}

function robotsIn(folderId: number | undefined): { readonly sql: string; readonly values: readonly number[] } {
  if (folderId === undefined) return { sql: "1", values: [] };
  return { sql: "t0.id IN (SELECT robot_id FROM robot_folders WHERE folder_id = ?)", values: [folderId] };
}
