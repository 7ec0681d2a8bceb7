import type { Scope } from "../odata/read.ts";
import { accessOfUser, type Need } from "./access.ts";
import type { Database } from "./database.ts";

const review: Need = [["Transactions.View", "Transactions.Edit"]]; // managing transactions

/** Users who may review items of a folder; without a folder, of any. */
export function reviewers(db: Database, folderId: number | undefined): Scope {
  const all = db.all("SELECT id FROM users WHERE reviewer = 1 ORDER BY id").map((row) => Number(row["id"]));
  const ids = folderId === undefined ? all : all.filter((id) => mayReview(db, id, folderId));
  return { sql: "t0.id IN (SELECT value FROM json_each(?))", values: [JSON.stringify(ids)] };
}

/**
 * Whether a user can be given items to review. `GetReviewers` names groups and robots, too, and clients filter them out
 * (field reports); that the server refuses them is the stricter reading.
 */
export function isReviewer(db: Database, userId: number, folderId: number | undefined): boolean {
  const { sql, values } = reviewers(db, folderId);
  const people = "t0.type IN (0, 2)"; // User, DirectoryUser
  return db.get(`SELECT 1 FROM users t0 WHERE t0.id = ? AND ${people} AND ${sql}`, userId, ...values) !== undefined;
}

function mayReview(db: Database, userId: number, folderId: number): boolean {
  const access = accessOfUser(db, userId);
  return access.sees(folderId) && access.may(review, folderId);
}

/** The user whom the emulator's own token stands for: the one with the lowest Id. */
export function firstUser(db: Database): number | null {
  const row = db.get("SELECT id FROM users ORDER BY id LIMIT 1");
  return row ? Number(row["id"]) : null;
}
