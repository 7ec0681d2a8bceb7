import { accessOfUser } from "./access.ts";
import type { Database } from "./database.ts";

/** Ids of the users who see a folder. */
export function usersOf(db: Database, folderId: number): readonly number[] {
  const all = db.all("SELECT id FROM users ORDER BY id").map((row) => Number(row["id"]));
  return all.filter((id) => accessOfUser(db, id).sees(folderId));
}

/** Assigns a user to a folder; one who has all of them has it already. */
export function assign(db: Database, userId: number, folderId: number): void {
  if (isEverywhere(db, userId)) return;
  db.run("INSERT INTO user_folders (user_id, folder_id) VALUES (?, ?) ON CONFLICT DO NOTHING", userId, folderId);
}

/** Takes a user out of a folder; one who had all of them keeps the others. */
export function unassign(db: Database, userId: number, folderId: number): void {
  if (isEverywhere(db, userId)) {
    db.run("INSERT INTO user_folders (user_id, folder_id) SELECT ?, id FROM folders WHERE parent_id IS NULL", userId);
    db.update("users", userId, { assigned: 1 });
  }
  db.run("DELETE FROM user_folders WHERE user_id = ? AND folder_id = ?", userId, folderId);
}

/** Whether a user is in a folder itself, not through one above it. */
export function isAssigned(db: Database, userId: number, folderId: number): boolean {
  if (isEverywhere(db, userId)) {
    return db.get("SELECT 1 FROM folders WHERE id = ? AND parent_id IS NULL", folderId) !== undefined;
  }
  return db.get("SELECT 1 FROM user_folders WHERE user_id = ? AND folder_id = ?", userId, folderId) !== undefined;
}

/** Without folders of its own a user has all of them, unless it was taken out of one: as if assigned to each root. */
function isEverywhere(db: Database, userId: number): boolean {
  const sql = `SELECT 1 FROM users u WHERE u.id = ? AND u.assigned = 0
    AND NOT EXISTS (SELECT 1 FROM user_folders f WHERE f.user_id = u.id)`;
  return db.get(sql, userId) !== undefined;
}
