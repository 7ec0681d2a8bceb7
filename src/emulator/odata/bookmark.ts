import type { Database, RowValue } from "../store/database.ts";

/** A condition, and how many of the rows that meet it are passed over. */
interface Start {
  readonly sql: string;
  readonly values: readonly RowValue[];
  readonly skip: number;
}

/** Where a page has ended. A row may be there several times, once a folder, so `seen` counts those of the last Id. */
interface Mark {
  readonly offset: number;
  readonly id: number;
  readonly seen: number;
}

/** Remembers where the last page of one list has ended. */
export interface Bookmark {
  /** Where to start reading so that as many rows as `$skip` says are left out; undefined when nobody knows. */
  find(db: Database, skip: number): Start | undefined;
  /** Notes the Ids of a page that began behind so many rows. */
  put(db: Database, skip: number, ids: readonly number[]): void;
}

/**
 * A client that pages through a long list with `$skip` would have all rows before its page counted through at each
 * call. Where the order is that of the Id, a page that follows on the last one begins behind that one's last row.
 * A write forgets all marks. A list in another order has none.
 */
export function bookmarkFor(
  ordering: readonly string[],
  [select, condition]: readonly [select: string, condition: Omit<Start, "skip">],
): Bookmark | undefined {
  const [first = ""] = ordering;
  if (!/^t0\.id (?:ASC|DESC)$/.test(first)) return undefined;
  const { sql, values } = condition;
  const key = JSON.stringify(["page", select, sql, first, ...values.map(String)]);
  const from = first.endsWith("DESC") ? "<=" : ">=";
  const markOf = (db: Database): Mark | undefined => db.findings.get(key) as Mark | undefined;
  return {
    find: (db, skip) => {
      const mark = skip === 0 ? undefined : markOf(db);
      if (mark?.offset !== skip) return undefined;
      return { sql: `${sql} AND t0.id ${from} ?`, values: [...values, mark.id], skip: mark.seen };
    },
    put: (db, skip, ids) => {
      const id = ids.at(-1);
      if (id === undefined) return;
      const old = markOf(db);
      const before = skip === 0 ? 0 : old?.offset === skip ? (old.id === id ? old.seen : 0) : undefined;
      // A page that was counted to and holds one Id only: how often that came before it, nobody knows.
      if (before === undefined && ids[0] === id) return;
      const seen = (before ?? 0) + ids.filter((each) => each === id).length;
      db.findings.set(key, { offset: skip + ids.length, id, seen } satisfies Mark);
    },
  };
}
