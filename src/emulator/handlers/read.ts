import { noSuchFolder, notFound } from "../errors.ts";
import { numberParameter, query, textParameter, type Call, type Route, type Routes } from "../http/route.ts";
import * as entities from "../model/entities.ts";
import type { Entity } from "../odata/model.ts";
import type { Scope } from "../odata/read.ts";
import { inFolder, type Reach } from "../store/folders.ts";
import { findPackage } from "../store/releases.ts";
import { reviewers } from "../store/users.ts";
import { fold } from "../text.ts";
import { isUuid } from "../uuid.ts";
import { byKey, list, one } from "./answers.ts";
import { excludedFolder } from "./where.ts";

/** In calls across folders the contract takes these, which narrow the folders down. */
const permissions = ["mandatoryPermissions", "atLeastOnePermissions"] as const;
const all = { sql: "1", values: [] } as const;
const listOf = { folder: "read", options: "list" } as const;
const entityOf = { folder: "read", options: "entity" } as const;

/** Everything that only reads: lists, entities by key, functions. */
export const readRoutes: Readonly<Record<string, Route>> = {
  "GET Folders": query({ folder: "none", options: "list" }, (call) => {
    const { sql, values } = inFolder({ ...call, folder: undefined }, "t0.id");
    // Folders below personal workspaces are not listed here (field reports).
    return list(call, entities.folder, "Folders", { sql: `${sql} AND t0.in_workspace = 0`, values });
  }),
  "GET Folders(key)": query({ folder: "none", options: "entity" }, (call) =>
    one(call, entities.folder, "Folders", { sql: "t0.id = ?", values: [call.key] }, "Folder"),
  ),
  ...tenantWide("Users", entities.user, "User"),
  ...tenantWide("Machines", entities.machine, "Machine"),
  ...foldered("Releases", entities.release, "Release"),
  ...foldered("QueueDefinitions", entities.queueDefinition, "QueueDefinition"),
  ...foldered("QueueItems", entities.queueItem, "QueueItem", "DESC"),
  ...foldered("Jobs", entities.job, "Job"),
  "GET RobotLogs": query(listOf, (call) => list(call, entities.robotLog, "RobotLogs", inFolder(call))),
  // Gone from the cloud with the classic folders; which version dropped them is not known.
  ...until(19, foldered("Environments", entities.environment, "Environment")),

  "GET Users/UiPath.Server.Configuration.OData.GetCurrentUser": query({ folder: "none", options: "entity" }, (call) => {
    const id = call.caller.kind === "user" ? call.caller.userId : null;
    return one(call, entities.user, "Users", { sql: "t0.id IS ?", values: [id] }, "User");
  }),

  "GET QueueDefinitions/UiPath.Server.Configuration.OData.GetQueuesAcrossFolders": query(
    { ...listOf, plain: ["excludeFolderId"] },
    (call) => {
      const { sql, values } = inFolder({ ...call, folder: undefined });
      const scope = { sql: `${sql} AND t0.folder_id <> ?`, values: [...values, excludedFolder(call)] };
      return list(call, entities.queueDefinition, "QueueDefinitions", scope);
    },
  ),
  "GET Jobs/UiPath.Server.Configuration.OData.GetByKey(identifier)": query(entityOf, (call) => {
    const key = call.parameters["identifier"] ?? "";
    if (!isUuid(key)) throw notFound("Job");
    const { sql, values } = inFolder(call);
    return one(
      call,
      entities.job,
      "Jobs",
      { sql: `t0.key = ? AND ${sql}`, values: [key.toLowerCase(), ...values] },
      "Job",
    );
  }),
  // In no document; UiPath's own tools call it (field reports).
  "GET Processes/UiPath.Server.Configuration.OData.GetPackageEntryPointsV2(key)": query(
    { ...listOf, plain: ["feedId"] },
    (call) => {
      const [, name = "", version = ""] = /^(.*):([^:]*)$/.exec(textParameter(call, "key")) ?? [];
      if (!findPackage(call.db, name, version)) throw notFound("Package");
      const scope = { sql: "t0.key_folded = ? AND t0.version = ?", values: [fold(name), version] };
      return list(call, entities.entryPoint, "Collection(UiPath.Server.Configuration.OData.EntryPointDto)", scope);
    },
  ),
  "GET QueueItems/UiPath.Server.Configuration.OData.GetReviewers": query(listOf, (call) =>
    list(call, entities.user, "SimpleUsers", reviewers(call.db, call.folder?.id)),
  ),

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
    return list(call, entities.queueStatus, context, inFolder(call));
  }),

  "GET Robots": query(listOf, (call) => list(call, entities.robot, "Robots", robotsIn(call))),
  "GET Robots(key)": query(entityOf, (call) => {
    const { sql, values } = robotsIn(call);
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
    const folderId = numberParameter(call, "folderId");
    if (call.reach && !call.reach.includes(folderId)) throw noSuchFolder();
    const { sql, values } = robotsIn({ folder: undefined, reach: [folderId] });
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
    [`GET ${set}`]: query({ ...listOf, plain: permissions }, (call) => list(call, entity, set, inFolder(call), order)),
    [`GET ${set}(key)`]: query(entityOf, (call) => one(call, entity, set, byKey(call), name)),
  };
}

/** Paths that later versions do not have. */
function until(last: number, routes: Routes): Routes {
  return Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, { ...route, versions: [0, last] }]));
}

/** The rows of an item and of all its attempts, which share its Key (contract); one that the caller cannot reach is not there. */
function ofItem(call: Call): Scope {
  const itemId = numberParameter(call, "queueItemId");
  const { sql, values } = inFolder(call, "q.folder_id");
  const item = `SELECT 1 FROM items i JOIN queue_folders q ON q.queue_id = i.queue_id WHERE i.id = ? AND ${sql}`;
  if (!call.db.get(item, itemId, ...values)) throw notFound("QueueItem");
  const attempts = "SELECT n.id FROM items o JOIN items n ON n.key = o.key WHERE o.id = ?";
  return { sql: `t0.item_id IN (${attempts})`, values: [itemId] };
}

/** The rows of all items that the call looks at, or the one of them with this Id. */
function ofItems(call: Call, id?: number): Scope {
  const { sql, values } = inFolder(call, "q.folder_id");
  const inIt = `t0.item_id IN (SELECT i.id FROM items i JOIN queue_folders q ON q.queue_id = i.queue_id WHERE ${sql})`;
  const scope = sql === "1" ? { sql, values } : { sql: inIt, values };
  return id === undefined ? scope : { sql: `t0.id = ? AND ${scope.sql}`, values: [id, ...scope.values] };
}

function robotsIn(place: Reach): Scope {
  const { sql, values } = inFolder(place, "folder_id");
  return sql === "1" ? { sql, values } : { sql: `t0.id IN (SELECT robot_id FROM robot_folders WHERE ${sql})`, values };
}
