import { randomUUID } from "node:crypto";
import { fold } from "../text.ts";
import type { Database, Row } from "./database.ts";

/** A folder to be made. */
export interface NewFolder {
  readonly name: string;
  readonly description: string | null;
  readonly modern: boolean;
  readonly feed: number;
  readonly parentId: number | null;
}

export function addFolder(db: Database, folder: NewFolder): number {
  const { name, description, modern, feed, parentId } = folder;
  const path = pathOf(db, name, parentId);
  return db.insert("folders", {
    key: randomUUID(),
    name,
    path,
    path_folded: fold(path),
    description,
    modern,
    feed,
    parent_id: parentId,
  });
}

/** Renames a folder; the paths of those below it follow. */
export function renameFolder(db: Database, id: number, name: string, description: string | null): void {
  const folder = db.get("SELECT parent_id FROM folders WHERE id = ?", id);
  const parentId = folder?.["parent_id"] === null ? null : Number(folder?.["parent_id"]);
  place(db, id, pathOf(db, name, parentId));
  db.update("folders", id, { name, description });
}

function place(db: Database, id: number, path: string): void {
  db.update("folders", id, { path, path_folded: fold(path) });
  for (const child of db.all("SELECT id, name FROM folders WHERE parent_id = ?", id)) {
    place(db, Number(child["id"]), `${path}/${String(child["name"])}`);
  }
}

/** Whether there is another folder of this name beside it. */
export function isFolderNameTaken(db: Database, name: string, parentId: number | null, except?: number): boolean {
  const sql = "SELECT 1 FROM folders WHERE path_folded = ? AND id IS NOT ? LIMIT 1";
  return db.get(sql, fold(pathOf(db, name, parentId)), except ?? null) !== undefined;
}

const contents = [
  ["queue_folders", "queues"],
  ["asset_folders", "assets"],
  ["releases", "processes"],
  ["jobs", "jobs"],
  ["environments", "environments"],
  ["robot_folders", "robots"],
  ["user_folders", "users"],
] as const;

/** What a folder and those below it hold; empty where they can go. */
export function contentsOf(db: Database, id: number): readonly string[] {
  const ids = JSON.stringify(tree(db, id));
  return contents
    .filter(([table]) =>
      db.get(`SELECT 1 FROM ${table} WHERE folder_id IN (SELECT value FROM json_each(?)) LIMIT 1`, ids),
    )
    .map(([, name]) => name);
}

/** Removes an empty folder with those below it, the lowest first. */
export function removeFolder(db: Database, id: number): void {
  for (const each of tree(db, id).toReversed()) db.run("DELETE FROM folders WHERE id = ?", each);
}

/** A folder and those below it, parents first. */
function tree(db: Database, id: number): readonly number[] {
  const children = db.all("SELECT id FROM folders WHERE parent_id = ?", id).map((row: Row) => Number(row["id"]));
  return [id, ...children.flatMap((child) => tree(db, child))];
}

function pathOf(db: Database, name: string, parentId: number | null): string {
  const parent = parentId === null ? undefined : db.get("SELECT path FROM folders WHERE id = ?", parentId)?.["path"];
  return parent === undefined ? name : `${String(parent)}/${name}`;
}
