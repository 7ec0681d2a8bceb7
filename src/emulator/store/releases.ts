import { randomUUID } from "node:crypto";
import type { Instant } from "../instant.ts";
import { fold } from "../text.ts";
import { nameUuid } from "../uuid.ts";
import type { Database, RowValue } from "./database.ts";

/** A version of a package, which a process is made of. */
export interface Package {
  readonly processKey: string;
  readonly version: string;
  readonly arguments: string;
  readonly runRule: string;
}

/** Makes a version of a package known; the first process that names it says how it runs. */
export function addPackage(db: Database, processKey: string, version: string, declared: string, rule: string): void {
  const sql = `INSERT INTO packages (process_key, key_folded, version, arguments, run_rule) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (key_folded, version) DO NOTHING`;
  db.run(sql, processKey, fold(processKey), version, declared, rule);
}

/** Where a version of a package can begin, with what it takes there. */
export interface EntryPoint {
  readonly path: string;
  readonly parameters: string | null;
  readonly input: string | null;
}

export function addEntryPoint(db: Database, processKey: string, version: string, point: EntryPoint): void {
  const key = fold(processKey);
  const unique_id = nameUuid("entry point", key, version, point.path);
  const sql = `INSERT INTO entry_points (key_folded, version, unique_id, path, parameters, input) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (key_folded, version, path) DO NOTHING`;
  db.run(sql, key, version, unique_id, point.path, point.parameters, point.input);
}

/** Writes down that a process has a version from now on. */
export function addVersion(db: Database, releaseId: number, version: string, now: Instant): void {
  db.insert("release_versions", { release_id: releaseId, version, created: now });
}

/** The version of a process that its next job runs. */
export function versionOf(db: Database, releaseId: number): number | null {
  const row = db.get("SELECT max(id) AS id FROM release_versions WHERE release_id = ?", releaseId);
  return typeof row?.["id"] === "number" ? row["id"] : null;
}

export function findPackage(db: Database, processKey: string, version: string): Package | undefined {
  const row = db.get("SELECT * FROM packages WHERE key_folded = ? AND version = ?", fold(processKey), version);
  return (
    row && {
      processKey: String(row["process_key"]),
      version,
      arguments: String(row["arguments"]),
      runRule: String(row["run_rule"]),
    }
  );
}

/** Whether a package is there in any version. */
export function hasPackage(db: Database, processKey: string): boolean {
  return db.get("SELECT 1 FROM packages WHERE key_folded = ? LIMIT 1", fold(processKey)) !== undefined;
}

/** What of a process the API can set. */
export type ReleaseColumns = Readonly<Record<string, RowValue>>;

export function addRelease(
  db: Database,
  folderId: number,
  made: Package,
  columns: ReleaseColumns,
  now: Instant,
): number {
  const id = db.insert("releases", {
    key: randomUUID(),
    folder_id: folderId,
    created: now,
    ...packageColumns(made),
    ...columns,
  });
  addVersion(db, id, made.version, now);
  return id;
}

/** The columns that follow from the version of the package. */
export function packageColumns(made: Package): ReleaseColumns {
  return {
    process_key: made.processKey,
    version: made.version,
    arguments: made.arguments,
    run_rule: made.runRule,
  };
}

/** Whether the folder has another process of this name; names differ by more than case. */
export function isReleaseNameTaken(db: Database, name: string, folderId: number, except?: number): boolean {
  const sql = "SELECT 1 FROM release_rows WHERE folder_id = ? AND fold(name) = ? AND id IS NOT ? LIMIT 1";
  return db.get(sql, folderId, fold(name), except ?? null) !== undefined;
}

/** What stands in the way of removing a process: its jobs that are not over, and queues that it serves. */
export function releaseUse(db: Database, id: number): "jobs" | "queues" | undefined {
  if (db.get("SELECT 1 FROM job_rows WHERE release_id = ? AND state NOT IN (4, 5, 6) LIMIT 1", id)) return "jobs";
  return db.get("SELECT 1 FROM queue_rows WHERE release_id = ? LIMIT 1", id) ? "queues" : undefined;
}

export function removeRelease(db: Database, id: number): void {
  db.update("releases", id, { deleted: 1 });
}

export function releaseIn(db: Database, id: number, folderId: number): boolean {
  return db.get("SELECT 1 FROM release_rows WHERE id = ? AND folder_id = ?", id, folderId) !== undefined;
}
