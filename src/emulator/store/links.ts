import type { Database } from "./database.ts";

/** The table that says in which folders things of a kind are. */
export type LinkTable = "queue_folders" | "asset_folders";

const columns = { queue_folders: "queue_id", asset_folders: "asset_id" } as const;

/** The folders that something is in, by Id. */
export function foldersOf(db: Database, table: LinkTable, id: number): readonly number[] {
  const rows = db.all(`SELECT folder_id FROM ${table} WHERE ${columns[table]} = ? ORDER BY folder_id`, id);
  return rows.map((row) => Number(row["folder_id"]));
}

export function link(db: Database, table: LinkTable, id: number, folderId: number): void {
  const sql = `INSERT INTO ${table} (${columns[table]}, folder_id) VALUES (?, ?) ON CONFLICT DO NOTHING`;
  db.run(sql, id, folderId);
}

export function unlink(db: Database, table: LinkTable, id: number, folderId: number): void {
  db.run(`DELETE FROM ${table} WHERE ${columns[table]} = ? AND folder_id = ?`, id, folderId);
}
