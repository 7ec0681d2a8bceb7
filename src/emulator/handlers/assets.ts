import { notFound, Refusal } from "../errors.ts";
import { object, text } from "../http/body.ts";
import { action, numberParameter, query, textParameter, type Call, type Reply, type Routes } from "../http/route.ts";
import { asset, ownAsset, robotAsset, valueType } from "../model/assets.ts";
import { memberName, memberNumber } from "../model/enumerations.ts";
import { asOf } from "../model/versions.ts";
import { apiVersion } from "../editions.ts";
import { readOne, type Scope } from "../odata/read.ts";
import * as store from "../store/assets.ts";
import { inFolder } from "../store/folders.ts";
import { foldersOf } from "../store/links.ts";
import { fold } from "../text.ts";
import { authorOf, byKey, contextOf, list, one } from "./answers.ts";
import { assetBody, readAsset, type AssetBody } from "./asset-body.ts";
import { sameId } from "./limits.ts";
import { sharing } from "./sharing.ts";
import { excludedFolder, folderIn } from "./where.ts";

const namespace = "UiPath.Server.Configuration.OData";
const listOf = { folder: "read", options: "list" } as const;
const entityOf = { folder: "read", options: "entity" } as const;
const write = { folder: "write", options: "none" } as const;
const body = { parameter: "assetDto", body: assetBody };
const secret = memberNumber(valueType, "Secret");

/** Assets: read, made, replaced, removed, linked into folders, and as robots get them. */
export const assetRoutes: Routes = {
  "GET Assets": query(listOf, (call) => list(call, asset, "Assets", listed(call))),
  "GET Assets(key)": query(entityOf, (call) => one(call, asset, "Assets", byKey(call), "Asset")),
  [`GET Assets/${namespace}.GetFiltered`]: query(listOf, (call) => list(call, asset, "Assets", inFolder(call))),
  [`GET Assets/${namespace}.GetAssetsAcrossFolders`]: query({ ...listOf, plain: ["excludeFolderId"] }, across),
  [`GET Assets/${namespace}.GetRobotAsset(robotId,assetName)`]: query(entityOf, (call) =>
    forRobot(call, robotByKey(call, textParameter(call, "robotId")), textParameter(call, "assetName")),
  ),
  [`GET Assets/${namespace}.GetRobotAssetByRobotId(robotId,assetName)`]: query(entityOf, (call) =>
    forRobot(call, numberParameter(call, "robotId"), textParameter(call, "assetName")),
  ),
  [`POST Assets/${namespace}.GetRobotAssetByNameForRobotKey`]: action(
    { ...entityOf, parameter: "parameters", body: object({ robotKey: text, assetName: text }) },
    (call, { robotKey, assetName }) => forRobot(call, robotByKey(call, robotKey ?? ""), assetName ?? ""),
  ),
  "POST Assets": action({ ...write, ...body }, create),
  "PUT Assets(key)": action({ ...write, ...body }, replace),
  "DELETE Assets(key)": query(write, (call) => {
    typeOf(call);
    call.db.transaction(() => store.removeAsset(call.db, call.key));
    return { status: 204 };
  }),
  ...sharing({
    set: "Assets",
    read: "GetFoldersForAsset",
    ids: "AssetIds",
    table: "asset_folders",
    name: "Asset",
    isNameTaken: (db, id, folderId) => {
      const name = db.get("SELECT name FROM assets WHERE id = ?", id)?.["name"];
      return store.isAssetNameTaken(db, String(name), [folderId], id);
    },
  }),
};

/** The old list knows no secrets: they come from GetFiltered only (field reports of API 20). */
function listed(call: Call): Scope {
  const { sql, values } = inFolder(call);
  return apiVersion(call.edition) < 20
    ? { sql, values }
    : { sql: `${sql} AND t0.type <> ?`, values: [...values, secret] };
}

/** Every asset once, whatever number of folders it is in; those of one folder can be left out. */
function across(call: Call): Reply {
  const { sql, values } = inFolder({ ...call, folder: undefined }, "n.folder_id");
  const scope = {
    sql: `t0.folder_id = (SELECT min(n.folder_id) FROM asset_folders n WHERE n.asset_id = t0.id AND ${sql})
      AND NOT EXISTS (SELECT 1 FROM asset_folders x WHERE x.asset_id = t0.id AND x.folder_id = ?)`,
    values: [...values, excludedFolder(call)],
  };
  return list(call, asset, "Assets", scope);
}

function create(call: Call, given: AssetBody): Reply {
  const folder = folderIn(call);
  const definition = readAsset(call, given, true);
  return call.db.transaction(() => {
    checkName(call, definition.name, [folder.id]);
    const id = store.addAsset(call.db, folder.id, definition, changeOf(call));
    return one(call, asset, "Assets", byKey({ ...call, key: id }), "Asset", 201);
  });
}

function replace(call: Call, given: AssetBody): Reply {
  const type = typeOf(call);
  sameId(given.Id, call.key);
  const definition = readAsset(call, given, false);
  if (definition.value.type !== type) {
    const name = memberName(valueType, type);
    throw new Refusal("AssetTypeNonUpdatable", `AssetTypeNonUpdatable: the asset is of the type ${name}.`);
  }
  call.db.transaction(() => {
    checkName(call, definition.name, foldersOf(call.db, "asset_folders", call.key), call.key);
    store.changeAsset(call.db, call.key, definition, changeOf(call));
  });
  return { status: 200 };
}

function checkName(call: Call, name: string, folderIds: readonly number[], except?: number): void {
  if (!store.isAssetNameTaken(call.db, name, folderIds, except)) return;
  throw new Refusal("NameAlreadyUsed", `The asset name '${name}' is already used.`);
}

/** The type of the asset that the path names; 404 where the folder has none. */
function typeOf(call: Call): number {
  const { sql, values } = byKey(call);
  const row = call.db.get(`SELECT t0.type FROM asset_rows t0 WHERE ${sql}`, ...values);
  if (!row) throw notFound("Asset");
  return Number(row["type"]);
}

function changeOf(call: Call): store.Change {
  return { now: call.now, userId: authorOf(call).userId };
}

function robotByKey(call: Call, key: string): number {
  const id = call.db.get("SELECT id FROM robots WHERE key = ?", key.toLowerCase())?.["id"];
  if (id === undefined) throw notFound("Robot");
  return Number(id);
}

/** An asset with the robot's own value, or else the one for all. Of a credential only the user name (assets requests). */
function forRobot(call: Call, robotId: number, name: string): Reply {
  if (!call.db.get("SELECT 1 FROM robots WHERE id = ?", robotId)) throw notFound("Robot");
  const { sql, values } = inFolder(call);
  const found = call.db.get(
    `SELECT t0.* FROM asset_rows t0 WHERE t0.name_folded = ? AND ${sql}`,
    fold(name),
    ...values,
  );
  if (!found) throw notFound("Asset");
  const own = call.db.get(
    "SELECT id FROM asset_values WHERE asset_id = ? AND robot_id = ?",
    found["id"] ?? null,
    robotId,
  );
  if (!own && found["has_default"] === 0) {
    throw new Refusal("AssetNotAvailableForRobot", "AssetNotAvailableForRobot: the asset has no value for the robot.");
  }
  const scope = { sql: "t0.id = ?", values: [(own ?? found)["id"] ?? null] };
  const resource = readOne(call.db, asOf(own ? ownAsset : robotAsset, call.edition), scope, call.options);
  return {
    status: 200,
    body: { "@odata.context": contextOf(call, "UiPath.Application.Dto.Assets.RobotAssetDto"), ...resource },
  };
}
