import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { fold, foldCase } from "../text.ts";
import { schema, schemaVersion, views } from "./schema.ts";

export type Row = Readonly<Record<string, string | number | bigint | null>>;
export type RowValue = string | number | bigint | boolean | null;

const keptStatements = 500;
const keptFindings = 500;
const cacheKilobytes = 64 * 1024; // the indexes of a few hundred thousand items; more live on disk
const checkpointPages = 8000; // 32 MB of log: bulk adds touch the same pages of an index again and again

/** The data file cannot be used: another orch-sync holds it, or it is no data file of this version. */
export class DataFileError extends Error {
  override readonly name = "DataFileError";
}

/** The tenant's database: one connection, statements prepared once, every write in a transaction. */
export class Database {
  /** The time of the call in progress; jobs take their state from it. */
  now = "";
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #findings = new Map<string, unknown>();
  #findingsOf = 0;

  private constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** Opens a data file, or a database in memory when `file` is left out, and holds it until it is closed. */
  static open(file: string | undefined): Database {
    const connection = connect(file);
    try {
      // The lock lasts as long as the connection and ends with the process, so a killed emulator leaves none behind.
      connection.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      connection.exec("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;");
      connection.exec(`PRAGMA cache_size = -${cacheKilobytes}; PRAGMA wal_autocheckpoint = ${checkpointPages};`);
      connection.exec("BEGIN EXCLUSIVE; COMMIT;");
      const database = new Database(connection);
      database.#prepare();
      return database;
    } catch (error) {
      connection.close();
      throw explain(error, file);
    }
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  all(sql: string, ...values: readonly RowValue[]): readonly Row[] {
    return this.#statement(sql).all(...values.map(bindable)) as readonly Row[];
  }

  get(sql: string, ...values: readonly RowValue[]): Row | undefined {
    return this.#statement(sql).get(...values.map(bindable)) as Row | undefined;
  }

  /** As {@link all}, with the columns by position: lists are read this way, as it takes half the time. */
  rows(sql: string, ...values: readonly RowValue[]): readonly (readonly RowValue[])[] {
    return this.#statement(sql, true).all(...values.map(bindable)) as unknown as readonly (readonly RowValue[])[];
  }

  /** What readers have found out and want to keep until the next write, such as how many rows a list has. */
  get findings(): Map<string, unknown> {
    const changes = Number(this.get("SELECT total_changes() AS n")?.["n"]);
    if (changes !== this.#findingsOf || this.#findings.size >= keptFindings) this.#findings.clear();
    this.#findingsOf = changes;
    return this.#findings;
  }

  /** Runs a statement that changes rows, and returns the Id of the last row it added. */
  run(sql: string, ...values: readonly RowValue[]): number {
    return Number(this.#statement(sql).run(...values.map(bindable)).lastInsertRowid);
  }

  insert(table: string, row: Readonly<Record<string, RowValue | undefined>>): number {
    const columns = Object.keys(row).filter((name) => row[name] !== undefined);
    const marks = columns.map(() => "?").join(", ");
    const values = columns.map((name) => row[name] ?? null);
    return this.run(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks})`, ...values);
  }

  update(table: string, id: number, changes: Readonly<Record<string, RowValue>>): void {
    const columns = Object.keys(changes);
    const assignments = columns.map((name) => `${name} = ?`).join(", ");
    this.run(`UPDATE ${table} SET ${assignments} WHERE id = ?`, ...columns.map((name) => changes[name] ?? null), id);
  }

  /** All of it or nothing; on disk when it returns. */
  transaction<Result>(work: () => Result): Result {
    if (this.#connection.isTransaction) return this.#savepoint(work);
    return this.#bracket("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", work);
  }

  /** Empties every table, numbering included. */
  clear(): void {
    const tables = this.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    this.run("PRAGMA defer_foreign_keys = ON");
    for (const { name } of tables) this.run(`DELETE FROM "${String(name)}"`);
    this.run("DELETE FROM sqlite_sequence");
  }

  meta(name: string): string | undefined {
    const value = this.get("SELECT value FROM meta WHERE name = ?", name)?.["value"];
    return typeof value === "string" ? value : undefined;
  }

  setMeta(name: string, value: string): void {
    this.run(
      "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?",
      name,
      value,
      value,
    );
  }

  #prepare(): void {
    const version = this.get("PRAGMA user_version")?.["user_version"];
    if (version === 0) {
      this.transaction(() => this.#connection.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`));
    } else if (version !== schemaVersion) {
      throw new DataFileError(`The data file has format ${String(version)}; this version reads ${schemaVersion}.`);
    }
    const pure = { deterministic: true };
    this.#connection.function("fold", pure, onText(fold));
    this.#connection.function("fold_case", pure, onText(foldCase));
    this.#connection.function(
      "to_lower",
      pure,
      onText((text) => text.toLowerCase()),
    );
    this.#connection.function(
      "to_upper",
      pure,
      onText((text) => text.toUpperCase()),
    );
    this.#connection.function(
      "starts_with",
      pure,
      onTexts((whole, piece) => whole.startsWith(piece)),
    );
    this.#connection.function(
      "ends_with",
      pure,
      onTexts((whole, piece) => whole.endsWith(piece)),
    );
    this.#connection.function("seconds", pure, secondsBetween);
    this.#connection.function("now", () => this.now);
    this.#connection.exec(views);
  }

  #statement(sql: string, byPosition = false): StatementSync {
    const key = byPosition ? `rows ${sql}` : sql;
    const known = this.#statements.get(key);
    if (known) return known;
    if (this.#statements.size >= keptStatements) this.#statements.clear();
    const statement = this.#connection.prepare(sql);
    if (byPosition) statement.setReturnArrays(true);
    this.#statements.set(key, statement);
    return statement;
  }

  #savepoint<Result>(work: () => Result): Result {
    return this.#bracket("SAVEPOINT inner", "RELEASE inner", "ROLLBACK TO inner; RELEASE inner", work);
  }

  #bracket<Result>(begin: string, end: string, undo: string, work: () => Result): Result {
    this.#connection.exec(begin);
    try {
      const result = work();
      this.#connection.exec(end);
      return result;
    } catch (error) {
      this.#findings.clear(); // they may be of what is undone
      if (this.#connection.isTransaction) this.#connection.exec(undo);
      throw error;
    }
  }
}

/** A function of SQL on a text; null of null, as all of SQL's own. */
function onText(change: (text: string) => string): (value: SQLInputValue) => SQLInputValue {
  return (value) => (typeof value === "string" ? change(value) : null);
}

function onTexts(
  test: (whole: string, piece: string) => boolean,
): (a: SQLInputValue, b: SQLInputValue) => SQLInputValue {
  return (whole, piece) => (typeof whole === "string" && typeof piece === "string" ? Number(test(whole, piece)) : null);
}

function secondsBetween(from: SQLInputValue, to: SQLInputValue): number | null {
  return typeof from === "string" && typeof to === "string" ? (Date.parse(to) - Date.parse(from)) / 1000 : null;
}

function bindable(value: RowValue): SQLInputValue {
  return typeof value === "boolean" ? Number(value) : value;
}

function connect(file: string | undefined): DatabaseSync {
  try {
    return new DatabaseSync(file ?? ":memory:", { timeout: 0 });
  } catch (error) {
    throw explain(error, file);
  }
}

function explain(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof Error) || file === undefined || error instanceof DataFileError) return error;
  if (/locked|busy/i.test(error.message)) {
    return new DataFileError(`The data file ${file} is in use by another orch-sync.`, { cause: error });
  }
  return new DataFileError(`The data file ${file} cannot be opened: ${error.message}.`, { cause: error });
}
