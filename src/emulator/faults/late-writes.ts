import type { Database } from "../store/database.ts";

/**
 * Writes that lists do not show yet, as lists that are read from a copy of the database that lags behind. Triggers
 * write down how each change of a late write is undone; a list is then read with all of these undone, in a
 * transaction that is rolled back. Nothing else of the emulator knows of it.
 */
export class LateWrites {
  readonly #db: Database;
  #isReady = false;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Does a write that lists show from `until` on, in milliseconds. */
  write<Result>(until: number, work: () => Result): Result {
    this.#prepare();
    this.#db.run("INSERT INTO temp.late_until (until) VALUES (?)", until);
    try {
      return work();
    } finally {
      this.#db.run("DELETE FROM temp.late_until");
    }
  }

  /** Whether there is a write that lists do not show. */
  pending(now: number): boolean {
    if (!this.#isReady) return false;
    this.#db.run("DELETE FROM temp.late_undo WHERE until <= ?", now);
    return this.#db.get("SELECT 1 FROM temp.late_undo LIMIT 1") !== undefined;
  }

  /** Reads as if no late write had happened. */
  without<Result>(read: () => Result): Result {
    let result: { readonly value: Result } | undefined;
    try {
      this.#db.transaction(() => {
        this.#db.run("PRAGMA defer_foreign_keys = ON");
        for (const { undo } of this.#db.all("SELECT undo FROM temp.late_undo ORDER BY seq DESC")) {
          this.#db.run(String(undo));
        }
        result = { value: read() };
        throw new Rollback();
      });
    } catch (error) {
      if (!(error instanceof Rollback)) throw error;
    } finally {
      this.#db.findings.clear(); // what was found in between does not hold
    }
    if (!result) throw new Error("Nothing was read.");
    return result.value;
  }

  /** Shows everything. */
  clear(): void {
    if (this.#isReady) this.#db.run("DELETE FROM temp.late_undo");
  }

  #prepare(): void {
    if (this.#isReady) return;
    this.#db.run("CREATE TEMP TABLE late_until (until INTEGER NOT NULL)");
    this.#db.run("CREATE TEMP TABLE late_undo (seq INTEGER PRIMARY KEY, until INTEGER NOT NULL, undo TEXT NOT NULL)");
    for (const table of tablesOf(this.#db)) for (const trigger of triggersOf(this.#db, table)) this.#db.run(trigger);
    this.#isReady = true;
  }
}

class Rollback extends Error {}

/** The tables whose rows have an Id. */
function tablesOf(db: Database): readonly string[] {
  const tables = db.all("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  return tables.map(({ name }) => String(name)).filter((table) => columnsOf(db, table).includes("id"));
}

function columnsOf(db: Database, table: string): readonly string[] {
  return db.all("SELECT name FROM pragma_table_info(?)", table).map(({ name }) => String(name));
}

/**
 * Each change of a row notes the statement that takes it back; what is rolled back takes its note with it. Where a later
 * write has taken the place of what was there, that one stays.
 */
function triggersOf(db: Database, table: string): readonly string[] {
  const columns = columnsOf(db, table);
  const old = columns.map((column) => `quote(old.${column})`);
  const assignments = columns.map((column, index) => `'${column} = ' || ${old[index]}`).join(" || ', ' || ");
  const undoing = {
    INSERT: `'DELETE FROM ${table} WHERE id = ' || new.id`,
    UPDATE: `'UPDATE OR IGNORE ${table} SET ' || ${assignments} || ' WHERE id = ' || old.id`,
    DELETE: `'INSERT OR IGNORE INTO ${table} (${columns.join(", ")}) VALUES (' || ${old.join(" || ', ' || ")} || ')'`,
  };
  return Object.entries(undoing).map(
    ([change, undo]) => `CREATE TEMP TRIGGER late_${table}_${change.toLowerCase()} AFTER ${change} ON main.${table}
      WHEN EXISTS (SELECT 1 FROM temp.late_until)
      BEGIN INSERT INTO late_undo (until, undo) SELECT until, ${undo} FROM late_until; END`,
  );
}
