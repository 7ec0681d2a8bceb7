import { describe, expect, it } from "vitest";
import { actions, type Change } from "../../../src/core/change.ts";
import { ChangeSpool, countActions, few, heldPending, longestLine, only } from "../../../src/core/change-spool.ts";
import { memorySpool, type List, type Spool } from "../../../src/core/list.ts";

function change(entry: string, more: object): Change {
  const key = { kind: "QueueItems", folder: "F", name: "n", entry } as const;
  return { key, label: entry, summary: "", ...more } as Change;
}

const absent = { type: "absent" } as const;
const start = { action: "start", run: "again", after: {}, fields: [], precondition: absent };
const all: readonly Change[] = [
  change("a", { action: "create", after: { reference: "a" }, precondition: absent, desired: { fields: [] } }),
  change("b", { action: "no-op" }),
  change("c", { action: "create", after: {}, precondition: absent, warnings: ["careful"] }),
  change("d", { action: "create", after: {}, precondition: absent, source: { file: "f", line: 1, column: 1 } }),
  change("e", start),
  change("f", start),
  change("g", { action: "blocked", reason: { code: "not-unique", text: "" } }),
  change("h", { action: "no-op", warnings: ["look"] }),
];

/** A spool that gives itself, as one does whose values have gone to a file; `read` has what was asked for. */
function kept(read: string[] = []): List<Change> {
  const memory = memorySpool<Change>();
  const spool: Spool<Change> = {
    get length() {
      return memory.length;
    },
    longest: 80,
    push: (each) => memory.push(each),
    at(index) {
      const found = memory.at(index);
      read.push(found.key.entry ?? "");
      return found;
    },
    done: () => spool,
    [Symbol.iterator]: () => memory[Symbol.iterator](),
    [Symbol.dispose]: () => undefined,
  };
  const changes = new ChangeSpool(spool);
  for (const each of all) changes.push(each);
  return changes.done();
}

const entries = (list: Iterable<Change>): string[] => Array.from(list, ({ key }) => key.entry ?? "");

describe.each([
  ["an array", () => all],
  ["a spool", () => kept()],
])("changes in %s", (_where, list) => {
  it("are gone through and counted", () => {
    expect(entries(list())).toEqual(entries(all));
    expect(list()).toHaveLength(all.length);
    const none = Object.fromEntries(actions.map((action) => [action, 0]));
    expect(countActions(list())).toEqual({ ...none, create: 3, start: 2, blocked: 1, "no-op": 2 });
  });

  it("are found by action and by warning", () => {
    expect(entries(only(list(), (action) => action === "create"))).toEqual(["a", "c", "d"]);
    expect(entries(only(list(), (_action, isWarned) => isWarned))).toEqual(["c", "h"]);
  });

  it("are held while they are pending, and say what they make", () => {
    const held = heldPending(list());
    expect(entries(held)).toEqual(["a", "c", "d", "e", "f"]);
    expect(held.map((each) => "after" in each && each.after)).toEqual([{ reference: "a" }, {}, {}, {}, {}]);
    expect(held.map(({ desired }) => desired)).toEqual(
      all.filter((each) => "after" in each).map((each) => each.desired),
    );
    expect(held.map(({ source }) => source?.file)).toEqual([undefined, undefined, "f", undefined, undefined]);
  });
});

it("of changes in a spool only those are read that are wanted, and of many few", () => {
  const read: string[] = [];
  const changes = kept(read);
  entries(only(changes, (action) => action === "blocked"));
  expect(read.splice(0)).toEqual(["g"]);
  const some = few(changes, (action) => action !== "no-op", 1).toArray();
  expect(some.map((each) => (typeof each === "string" ? each : each.key.entry))).toEqual([
    "a",
    "create",
    "create",
    "e",
    "f",
    "g",
  ]);
  expect(read).toEqual(["a", "e", "f", "g"]);
  expect([longestLine(changes), longestLine(all)]).toEqual([80, undefined]);
  expect(few(all, (action) => action === "create", 1).toArray()).toHaveLength(3);
});

it("a small spool becomes an array, and knows no value beyond its end", () => {
  const spool = new ChangeSpool(memorySpool<Change>());
  spool.push(change("a", { action: "no-op" }));
  expect(Array.isArray(spool.done())).toBe(true);
  expect(entries(spool.spelled() as Iterable<Change>)).toEqual(["a"]);
  expect(() => spool.at(1)).toThrow(new RangeError("there is no value 1 among 1"));
  spool[Symbol.dispose]();
  expect(spool).toHaveLength(1);
});
