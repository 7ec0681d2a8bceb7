import type { Scope } from "../odata/read.ts";
import type { Database } from "./database.ts";

/** Users who may review items of a folder; without a folder, of any. A user without folders has them all. */
export function reviewers(folderId: number | undefined): Scope {
  if (folderId === undefined) return { sql: "t0.reviewer = 1", values: [] };
  return {
    sql: `t0.reviewer = 1 AND (NOT EXISTS (SELECT 1 FROM user_folders f WHERE f.user_id = t0.id)
      OR EXISTS (SELECT 1 FROM user_folders f WHERE f.user_id = t0.id AND f.folder_id = ?))`,
    values: [folderId],
  };
}

export function isReviewer(db: Database, userId: number, folderId: number | undefined): boolean {
  const { sql, values } = reviewers(folderId);
  return db.get(`SELECT 1 FROM users t0 WHERE t0.id = ? AND ${sql}`, userId, ...values) !== undefined;
}

/** The user whom the emulator's own token stands for: the one with the lowest Id. */
export function firstUser(db: Database): number | null {
  const row = db.get("SELECT id FROM users ORDER BY id LIMIT 1");
  return row ? Number(row["id"]) : null;
}
