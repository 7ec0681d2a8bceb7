import { describe, expect, it } from "vitest";
import { memorySpool } from "../../../../src/core/list.ts";
import type { LiveQueueItem } from "../../../../src/kinds/queue-items/live.ts";
import { QueueRows } from "../../../../src/orchestrator/read/queue-rows.ts";
import type { StoredRow } from "../../../../src/orchestrator/read/stored-row.ts";
import { fileSpools } from "../../../../src/workflow/files/spool.ts";
import { distinctReferences, wantedReferences } from "../../../../src/orchestrator/read/references.ts";
import { row } from "../../../support/desired.ts";

function rowsOf(wanted: readonly string[], added: readonly LiveQueueItem[]): QueueRows {
  const references = wantedReferences([wanted]);
  const rows = new QueueRows(references, memorySpool());
  for (const each of added) {
    const { reference } = each;
    rows.add(each, reference ?? "", references.numberOf(reference ?? ""));
  }
  return rows;
}

const ids = (rows: Iterable<LiveQueueItem>): number[] => Array.from(rows, ({ id }) => id);
const sorted = (rows: Iterable<LiveQueueItem>): number[] => ids(rows).toSorted((a, b) => a - b);

describe("rows of a queue", () => {
  it("are found under a reference however it is spelled, all of them", () => {
    const rows = rowsOf(["INV-1", "INV-2", "INV-3"], [row(1, "inv-1"), row(2, "INV-2"), row(3, "INV-1 ")]);
    expect(sorted(rows.under("INV-1"))).toEqual([1, 3]);
    expect(ids(rows.under("inv-2 "))).toEqual([2]);
    expect(ids(rows.under("INV-3"))).toEqual([]);
    expect(ids(rows.under("INV-4"))).toEqual([]);
  });

  it("are what they were last, when they come again", () => {
    const again = row(2, "A", { status: "Successful" });
    const rows = rowsOf(["A"], [row(1, "A"), row(2, "A"), row(3, "A"), again, row(1, "A"), row(3, "A")]);
    expect(sorted(rows.under("A"))).toEqual([1, 2, 3]);
    expect(rows.under("A").find(({ id }) => id === 2)?.status).toBe("Successful");
    expect(ids(rows.freshUnder("A"))).toEqual([1, 3]);
  });

  it("are given for pruning by Id, those that nobody wanted, too", () => {
    const rows = rowsOf(
      ["INV-1"],
      [row(9, "INV-9"), row(3, "inv-3"), row(5, "X-1"), row(4, "INV-1"), row(7, "INV-7", { status: "Failed" })],
    );
    const doomed = rows.freshUnder("INV-");
    expect(doomed.length).toBe(3);
    expect(ids(doomed)).toEqual([3, 4, 9]);
    expect(ids(rows.under("INV-9"))).toEqual([9]);
  });

  it("are the same from a file, and what the server left out stays unknown", () => {
    const { priority: _, deferDate: __, dueDate: ___, content: ____, progress: _____, ...bare } = row(1, "A");
    const full = row(2, "B", { deferDate: "2026-01-01T00:00:00Z", content: { Amount: 1, Note: null }, progress: "" });
    using spool = fileSpools({ held: 0 })<StoredRow>();
    const references = wantedReferences([["A", "B"]]);
    const rows = new QueueRows(references, spool);
    for (const each of [bare, full]) rows.add(each, each.reference ?? "", references.numberOf(each.reference ?? ""));
    expect(["A", "B"].map((reference) => rows.under(reference))).toEqual([[bare], [full]]);
    expect(Object.keys(rows.under("A")[0] ?? {})).toEqual(expect.not.arrayContaining(["deferDate", "content"]));
  });

  it("are found in whichever order they are asked for", () => {
    const rows = rowsOf(["A", "B", "C", "D"], [row(1, "a"), row(2, "B"), row(3, "D"), row(4, "D ")]);
    const asked = ["A", "B", "C", "D", "D", "A", "b", "C", "X", "D", "B", "A"];
    const found = asked.map((reference) => sorted(rows.under(reference)));
    expect(found).toEqual([[1], [2], [], [3, 4], [3, 4], [1], [2], [], [], [3, 4], [2], [1]]);
  });
});

describe("references that are wanted", () => {
  it("have a number each, those that the server takes for one the same", () => {
    const wanted = wantedReferences([
      ["A", "b"],
      ["a ", "C", "B"],
    ]);
    expect([...wanted]).toEqual(["A", "b", "C"]);
    expect(wanted.size).toBe(3);
    expect(["a", "B ", "c", "d"].map((each) => wanted.numberOf(each))).toEqual([0, 1, 2, undefined]);
  });
});

it("references that stand once in one list are what they would be in several", () => {
  const list = ["INV-1", "INV-20", "inv-3 "];
  const [once, wanted] = [distinctReferences(list), wantedReferences([list])];
  expect([...once]).toEqual([...wanted]);
  expect([once.size, once.prefix]).toEqual([wanted.size, wanted.prefix]);
  for (const each of [...list, "INV-3", "INV-4"]) expect(once.numberOf(each)).toBe(wanted.numberOf(each));
});
