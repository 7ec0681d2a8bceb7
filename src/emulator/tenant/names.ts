import type { Instant } from "../instant.ts";
import type { Database, RowValue } from "../store/database.ts";
import { fold } from "../text.ts";
import type { LoadedTenant } from "./load.ts";
import { timeOf } from "./times.ts";

/** What a tenant file calls by name, and the Id it got. */
export type NameKind = "folder" | "user" | "machine" | "robot" | "environment" | "process" | "queue";

/** The state of a seeding: the database, the names known so far, and how to refuse. */
export class Seeding {
  readonly db: Database;
  /** The clock's start in milliseconds, and as what rows are created at by default. */
  readonly start: number;
  readonly now: Instant;
  readonly #tenant: LoadedTenant;
  readonly #ids = new Map<string, number>();

  constructor(db: Database, tenant: LoadedTenant, start: number, now: Instant) {
    this.db = db;
    this.start = start;
    this.now = now;
    this.#tenant = tenant;
  }

  fail(pointer: string, message: string): Error {
    return this.#tenant.error(pointer, message);
  }

  /** Adds a row, or says that its Id or Key is taken. */
  insert(pointer: string, table: string, row: Readonly<Record<string, RowValue | undefined>>): number {
    try {
      return this.db.insert(table, row);
    } catch (error) {
      if (error instanceof Error && /UNIQUE constraint/.test(error.message)) {
        throw this.fail(pointer, "another one has the same name, id or key");
      }
      throw error;
    }
  }

  /** Makes a name known; names are unique in their folder, in any case. */
  define(pointer: string, kind: NameKind, name: string, id: number, folderId?: number): void {
    const key = keyOf(kind, name, folderId);
    if (this.#ids.has(key)) throw this.fail(pointer, `there is another ${kind} '${name}'`);
    this.#ids.set(key, id);
  }

  known(kind: NameKind, name: string, folderId?: number): number | undefined {
    return this.#ids.get(keyOf(kind, name, folderId));
  }

  /** The Id behind a name that must be known. */
  resolve(pointer: string, kind: NameKind, name: string, folderId?: number): number {
    const id = this.known(kind, name, folderId);
    if (id === undefined) throw this.fail(pointer, `there is no ${kind} '${name}'`);
    return id;
  }

  /** As {@link resolve}, for a name that may be left out. */
  optional(pointer: string, kind: NameKind, name: string | undefined, folderId?: number): number | null {
    return name === undefined ? null : this.resolve(pointer, kind, name, folderId);
  }

  /** The folder that something is in; without a path, the only one. */
  folder(pointer: string, path: string | undefined): number {
    if (path !== undefined) return this.resolve(`${pointer}/folder`, "folder", path);
    const folders = this.db.all("SELECT id FROM folders LIMIT 2");
    if (folders.length !== 1) throw this.fail(pointer, "a folder is required where the tenant has several");
    return Number(folders[0]?.["id"]);
  }

  time(pointer: string, text: string): Instant {
    const instant = timeOf(text, this.start);
    if (instant === undefined) throw this.fail(pointer, `'${text}' is no time`);
    return instant;
  }

  optionalTime(pointer: string, text: string | undefined): Instant | null {
    return text === undefined ? null : this.time(pointer, text);
  }
}

function keyOf(kind: NameKind, name: string, folderId: number | undefined): string {
  return `${kind}/${folderId ?? ""}/${fold(name)}`;
}
