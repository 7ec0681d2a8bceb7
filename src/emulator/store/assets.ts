import { randomUUID } from "node:crypto";
import type { Instant } from "../instant.ts";
import { fold } from "../text.ts";
import type { Database, RowValue } from "./database.ts";

type Columns = Readonly<Record<string, RowValue>>;

/** What an asset holds, for all or for one robot or user, as columns. Passwords and secrets are not among them. */
export interface AssetValue extends Columns {
  readonly type: number;
  readonly text: string | null;
  readonly flag: boolean;
  readonly number: number;
  readonly user_name: string | null;
  readonly external_name: string | null;
  readonly store_id: number | null;
  readonly pairs: string;
}

/** A value for one robot (classic folders), or for one user and perhaps only on one machine (modern folders). */
export interface OwnValue {
  readonly robotId: number | null;
  readonly userId: number | null;
  readonly machineId: number | null;
  readonly value: AssetValue;
}

/** What of an asset the API can set. */
export interface AssetDefinition {
  readonly name: string;
  readonly description: string | null;
  readonly scope: number;
  readonly hasDefault: boolean;
  readonly value: AssetValue;
  readonly own: readonly OwnValue[];
  readonly tags: string;
}

export interface Change {
  readonly now: Instant;
  readonly userId: number | null;
}

export function addAsset(db: Database, folderId: number, definition: AssetDefinition, change: Change): number {
  const { now, userId } = change;
  const id = db.insert("assets", { key: randomUUID(), created: now, creator_id: userId, ...columnsOf(definition) });
  db.insert("asset_folders", { asset_id: id, folder_id: folderId });
  addValues(db, id, definition);
  return id;
}

/** Replaces an asset, its own values included. */
export function changeAsset(db: Database, id: number, definition: AssetDefinition, { now, userId }: Change): void {
  db.update("assets", id, { ...columnsOf(definition), modified: now, modifier_id: userId });
  db.run("DELETE FROM asset_values WHERE asset_id = ?", id);
  addValues(db, id, definition);
}

export function removeAsset(db: Database, id: number): void {
  db.run("DELETE FROM assets WHERE id = ?", id);
}

export function isAssetNameTaken(db: Database, name: string, folderIds: readonly number[], except?: number): boolean {
  const sql = `SELECT 1 FROM asset_rows WHERE name_folded = ? AND id IS NOT ?
    AND folder_id IN (SELECT value FROM json_each(?)) LIMIT 1`;
  return db.get(sql, fold(name), except ?? null, JSON.stringify(folderIds)) !== undefined;
}

function addValues(db: Database, assetId: number, { own }: AssetDefinition): void {
  for (const { robotId, userId, machineId, value } of own) {
    db.insert("asset_values", {
      asset_id: assetId,
      robot_id: robotId,
      user_id: userId,
      machine_id: machineId,
      ...value,
    });
  }
}

function columnsOf(definition: AssetDefinition): Columns {
  return {
    name: definition.name,
    name_folded: fold(definition.name),
    description: definition.description,
    scope: definition.scope,
    has_default: definition.hasDefault,
    tags: definition.tags,
    ...definition.value,
  };
}
