import { fold } from "../text.ts";
import type { Scope } from "../odata/read.ts";
import type { Database, Row } from "./database.ts";

/** The folder that a call is made in. */
export interface Folder {
  readonly id: number;
  readonly path: string;
  /** Modern folders have users and runtimes; classic ones have robots and environments. */
  readonly modern: boolean;
}

/** Where a call looks: in its folder, or in those that its caller can reach, which may be all. */
export interface Reach {
  readonly folder: Folder | undefined;
  readonly reach: readonly number[] | undefined;
}

export function folderById(db: Database, id: number): Folder | undefined {
  return asFolder(db.get("SELECT * FROM folders WHERE id = ?", id));
}

export function folderByKey(db: Database, key: string): Folder | undefined {
  return asFolder(db.get("SELECT * FROM folders WHERE key = ?", key.toLowerCase()));
}

export function folderByPath(db: Database, path: string): Folder | undefined {
  return asFolder(db.get("SELECT * FROM folders WHERE path_folded = ?", fold(path)));
}

/** The tenant's folder if it has one only, or the only one of these: there a write needs no header. */
export function onlyFolder(db: Database, ids?: readonly number[]): Folder | undefined {
  if (ids) return ids.length === 1 ? folderById(db, ids[0] ?? 0) : undefined;
  const folders = db.all("SELECT * FROM folders LIMIT 2");
  return folders.length === 1 ? asFolder(folders[0]) : undefined;
}

/** The rows of a call's folder, or of all folders that the caller can reach. */
export function inFolder({ folder, reach }: Reach, column = "t0.folder_id"): Scope {
  if (folder) return { sql: `${column} = ?`, values: [folder.id] };
  if (!reach) return { sql: "1", values: [] };
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(reach)] };
}

function asFolder(row: Row | undefined): Folder | undefined {
  return row && { id: Number(row["id"]), path: String(row["path"]), modern: row["modern"] === 1 };
}
