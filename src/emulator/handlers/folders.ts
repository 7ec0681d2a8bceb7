import { apiVersion } from "../editions.ts";
import { notFound, Refusal, type RefusalName } from "../errors.ts";
import { choice, dto, flag, guid, integer, object, text, type Bound, type Reader } from "../http/body.ts";
import { action, query, type Call, type Reply, type Routes } from "../http/route.ts";
import { folder } from "../model/entities.ts";
import { feedType, folderType, memberNumber, permissionModel, provisionType } from "../model/enumerations.ts";
import type { Row } from "../store/database.ts";
import { addFolder, contentsOf, isFolderNameTaken, removeFolder, renameFolder } from "../store/folder-tree.ts";
import { folderById, folderByKey } from "../store/folders.ts";
import { isUuid } from "../uuid.ts";
import { one } from "./answers.ts";
import { atMost, required, sameId } from "./limits.ts";

const fields = {
  Key: guid,
  DisplayName: text,
  FullyQualifiedName: text,
  Description: text,
  FolderType: choice(folderType),
  IsPersonal: flag,
  ProvisionType: choice(provisionType),
  PermissionModel: choice(permissionModel),
  ParentId: integer,
  ParentKey: guid,
  FeedType: choice(feedType),
  Id: integer,
};

type FolderBody = Bound<typeof fields>;
const folderBody: Reader<FolderBody> = dto("FolderDto", fields);
const tenantWide = { folder: "none", options: "none" } as const;
const body = { parameter: "folderDto", body: folderBody };
const cloud = [20, Infinity] as const;
const automatic = memberNumber(provisionType, "Automatic");
const fineGrained = memberNumber(permissionModel, "FineGrained");

/** Folders: made, renamed, removed. */
export const folderRoutes: Routes = {
  "POST Folders": action({ ...tenantWide, ...body }, create),
  "PUT Folders(key)": action({ ...tenantWide, ...body }, (call, given) => {
    const before = rowOf(call, folderById(call.db, call.key)?.id);
    sameId(given.Id, call.key);
    checkUnchanged(given, before);
    rename(call, before, required("DisplayName", given.DisplayName, 115), given.Description);
    return answer(call, call.key, 200);
  }),
  "DELETE Folders(key)": query(tenantWide, (call) => remove(call, rowOf(call, folderById(call.db, call.key)?.id))),
  "DELETE api/Folders/DeleteByKey": query({ ...tenantWide, plain: ["key"], versions: cloud }, (call) =>
    remove(call, byPlainKey(call)),
  ),
  "PATCH api/Folders/PatchNameDescription": action(
    {
      ...tenantWide,
      plain: ["key"],
      versions: cloud,
      parameter: "request",
      body: object({ name: text, description: text }),
    },
    (call, { name, description }) => {
      const before = byPlainKey(call);
      rename(call, before, name ?? String(before["name"]), description ?? asText(before["description"]));
      return { status: 200 };
    },
  ),
};

function create(call: Call, given: FolderBody): Reply {
  const parentId = parentOf(call, given);
  const modern = isModern(call, given, parentId);
  const name = nameOf(required("DisplayName", given.DisplayName, 115));
  const description = atMost("Description", given.Description, 500) ?? null;
  const feed = given.FeedType ?? memberNumber(feedType, "Processes");
  return call.db.transaction(() => {
    checkName(call, name, parentId);
    return answer(call, addFolder(call.db, { name, description, modern, feed, parentId }), 201);
  });
}

function parentOf({ db }: Call, { ParentId: id, ParentKey: key }: FolderBody): number | null {
  if (id === undefined && key === undefined) return null;
  const parent = id === undefined ? folderByKey(db, key ?? "") : folderById(db, id);
  if (!parent) throw notFound("Folder");
  if (!parent.modern) throw refusal("NoHierarchyAllowedForClassicFolders", "the parent is a classic folder.");
  return parent.id;
}

/** A folder at the root says what it is; one below another is as that one. Classic folders are gone from the cloud. */
function isModern(call: Call, { ProvisionType, PermissionModel }: FolderBody, parentId: number | null): boolean {
  if (parentId === null && (ProvisionType === undefined || PermissionModel === undefined)) {
    const name = "MandatoryPropertiesForRootFolderNotSpecified";
    throw refusal(name, "a folder at the root needs ProvisionType and PermissionModel.");
  }
  if ((ProvisionType ?? automatic) === automatic) {
    if ((PermissionModel ?? fineGrained) === fineGrained) return true;
    throw refusal("ModernFoldersCannotInheritRolesFromTenant", "a modern folder is FineGrained.");
  }
  if (parentId !== null) throw refusal("NoHierarchyAllowedForClassicFolders", "classic folders are not nested.");
  if (apiVersion(call.edition) >= 20) throw refusal("CannotCreateClassicEntities", "there are no classic folders.");
  return false;
}

function checkUnchanged(given: FolderBody, before: Row): void {
  const unchanged: readonly (readonly [RefusalName, unknown, unknown])[] = [
    ["CannotEditFolderParent", given.ParentId, before["parent_id"]],
    ["CannotEditFolderParent", given.ParentKey, before["parent_key"]],
    ["CannotChangeRobotProvisionType", given.ProvisionType, before["modern"]],
    ["CannotChangeFolderPermissionModel", given.PermissionModel, before["modern"]],
    ["CannotChangeFolderFeedType", given.FeedType, before["feed"]],
  ];
  for (const [name, after, value] of unchanged) {
    if (after !== undefined && after !== value) throw refusal(name, "that stays as the folder was made.");
  }
}

function rename(call: Call, before: Row, displayName: string, description: string | undefined): void {
  const id = Number(before["id"]);
  const name = nameOf(required("DisplayName", displayName, 115));
  const parentId = before["parent_id"] === null ? null : Number(before["parent_id"]);
  call.db.transaction(() => {
    checkName(call, name, parentId, id);
    renameFolder(call.db, id, name, atMost("Description", description, 500) ?? null);
  });
}

/** "Succeeds only if no entities or user associations exist in this folder or any of its descendants" (contract). */
function remove(call: Call, row: Row): Reply {
  const id = Number(row["id"]);
  const contents = contentsOf(call.db, id);
  if (contents.length > 0) throw refusal("CannotDeleteEntitiesInHierarchy", `there are ${contents.join(", ")} in it.`);
  call.db.transaction(() => removeFolder(call.db, id));
  return { status: 204 };
}

function nameOf(name: string): string {
  if (name.includes("/")) throw refusal("InvalidFolderDisplayName", "'/' separates the names of a path.");
  return name;
}

function checkName(call: Call, name: string, parentId: number | null, except?: number): void {
  if (!isFolderNameTaken(call.db, name, parentId, except)) return;
  throw new Refusal("NameAlreadyUsed", `The folder name '${name}' is already used.`);
}

function byPlainKey(call: Call): Row {
  const key = call.given.get("key") ?? "";
  return rowOf(call, isUuid(key) ? folderByKey(call.db, key)?.id : undefined);
}

/** A folder that the caller can reach. */
function rowOf({ db, reach }: Call, id: number | undefined): Row {
  const row = id === undefined ? undefined : db.get("SELECT * FROM folder_rows WHERE id = ?", id);
  if (!row || (reach && !reach.includes(Number(row["id"])))) throw notFound("Folder");
  return row;
}

function answer(call: Call, id: number, status: number): Reply {
  return one(call, folder, "Folders", { sql: "t0.id = ?", values: [id] }, "Folder", status);
}

function asText(value: Row[string] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function refusal(name: RefusalName, message: string): Refusal {
  return new Refusal(name, `${name}: ${message}`);
}
