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

export function folderById(db: Database, id: number): Folder | undefined {
  return asFolder(db.get("SELECT * FROM folders WHERE id = ?", id));
}

export function folderByKey(db: Database, key: string): Folder | undefined {
  return asFolder(db.get("SELECT * FROM folders WHERE key = ?", key.toLowerCase()));
}

export function folderByPath(db: Database, path: string): Folder | undefined {
  return asFolder(db.get("SELECT * FROM folders WHERE path_folded = ?", fold(path)));
}

/** The tenant's folder if it has one only: there a write needs no header. */
export function onlyFolder(db: Database): Folder | undefined {
  const folders = db.all("SELECT * FROM folders LIMIT 2");
  return folders.length === 1 ? asFolder(folders[0]) : undefined;
}

/** The rows of a call's folder, or of all folders. */
export function inFolder(folder: Folder | undefined): Scope {
  return folder ? { sql: "t0.folder_id = ?", values: [folder.id] } : { sql: "1", values: [] };
}

function asFolder(row: Row | undefined): Folder | undefined {
  return row && { id: Number(row["id"]), path: String(row["path"]), modern: row["modern"] === 1 };
}
