import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as entities from "../../../src/emulator/model/entities.ts";
import { parseFilter } from "../../../src/emulator/odata/parser.ts";
import { Translator } from "../../../src/emulator/odata/sql.ts";
import { Database } from "../../../src/emulator/store/database.ts";

// How SQLite goes about the filters that must answer in milliseconds on a million items (bench:emulator --million).

let db: Database;

beforeAll(() => {
  db = Database.open(undefined);
});

afterAll(() => db.close());

/** The steps that touch items, for a page and for the count, with or without the folder of the call. */
function steps(filter: string | undefined, use: "page" | "count", scope = "t0.folder_id = 1"): readonly string[] {
  const translator = new Translator(entities.queueItem);
  const condition = filter === undefined ? undefined : translator.where(parseFilter(filter));
  const where = condition ? `${scope} AND ${condition.text}` : scope;
  const sql =
    use === "page"
      ? `SELECT t0.* FROM ${translator.from()} WHERE ${where} ORDER BY t0.id DESC LIMIT 100`
      : `SELECT count(*) FROM ${translator.from(entities.queueItem.counted)} WHERE ${where}`;
  const plan = db.all(`EXPLAIN QUERY PLAN ${sql}`, ...(condition?.values ?? []));
  return plan.map((step) => String(step["detail"])).filter((detail) => / i\b|TEMP B-TREE/.test(detail));
}

const eighty = Array.from({ length: 80 }, (_, n) => `'INV-${n}'`).join(",");

describe.each([
  ["a reference", "Reference eq 'INV-1'", "items_by_reference (reference_folded=?"],
  ["80 references", `Reference in (${eighty})`, "items_by_reference (reference_folded=?"],
  [
    "references of a queue",
    `QueueDefinitionId eq 1 and Reference in (${eighty})`,
    "items_by_reference (reference_folded=?",
  ],
  ["queue and status", "QueueDefinitionId eq 1 and Status eq 'New'", "items_by_status (queue_id=? AND status=?)"],
  ["a key", "Key eq 1c7222dc-416f-4c60-9b17-88262c91768f", "items_by_key (key=?)"],
])("%s", (_name, filter, index) => {
  test.each(["t0.folder_id = 1", "1"])("is found by an index where %s", (scope) => {
    expect(steps(filter, "page", scope)[0]).toContain(index);
    expect(steps(filter, "count", scope)[0]).toContain(index);
  });
});

test("a queue, and a queue with a status, come in order without being sorted", () => {
  expect(steps("QueueDefinitionId eq 1", "page")).toEqual([expect.stringContaining("items_by_queue (queue_id=?)")]);
  expect(steps("QueueDefinitionId eq 1 and Status eq 'New'", "page")).toEqual([
    expect.stringContaining("items_by_status"),
  ]);
});

test("pages by Id begin at the Id", () => {
  expect(steps("Id gt 500000", "page")).toEqual(["SEARCH i USING INTEGER PRIMARY KEY (rowid>?)"]);
  expect(steps("Id gt 500000", "page", "1")).toEqual(["SEARCH i USING INTEGER PRIMARY KEY (rowid>?)"]);
});

test("counting reads indexes alone", () => {
  for (const filter of [undefined, "Id gt 500000", "QueueDefinitionId eq 1 and Status eq 'New'"]) {
    expect(steps(filter, "count")).toEqual([expect.stringContaining("COVERING INDEX")]);
  }
});

test("an entity whose view looks at the clock says so, and is counted each time", () => {
  const clocked = "SELECT name FROM sqlite_temp_schema WHERE sql LIKE '%now()%' OR sql LIKE '%FROM job_rows%'";
  const views = new Set(db.all(clocked).map(({ name }) => name));
  for (const entity of Object.values(entities)) {
    expect([entity.name, entity.timed === true]).toEqual([entity.name, views.has(entity.from)]);
  }
});
