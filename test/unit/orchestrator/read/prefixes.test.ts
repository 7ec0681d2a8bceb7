import { describe, expect, test } from "vitest";
import { commonPrefix, isUnder, partsUnder } from "../../../../src/orchestrator/read/prefixes.ts";

describe("what references begin with", () => {
  test.each<[string, readonly string[], string]>([
    ["as the first one spells it", ["INV-01", "inv-02"], "INV-0"],
    ["one reference is its own", ["INV-01"], "INV-01"],
    ["nothing in common", ["INV-01", "CRE-01"], ""],
    ["none", [], ""],
    ["ends before a letter that may be stored in another form", ["Müller-1", "Müller-2"], "M"],
    ["the same, composed and decomposed", ["Mu\u0308-1", "Mü-1"], "M"],
    ["ends before a letter that lower case makes ASCII", ["\u212A1", "k2"], "k"],
    ["ends before what a database may take for a pattern", ["A[1]", "A[2]"], "A"],
    ["trailing blanks do not count", ["A 1", "A 2"], "A"],
    ["a quote is as good as any", ["O'B-1", "O'B-2"], "O'B-"],
  ])("%s", (_, references, prefix) => {
    expect(commonPrefix(references)).toBe(prefix);
  });
});

test("parts are what differs next, the largest first, each as long as it can be", () => {
  const references = ["A-1", "INV-2026-1", "INV-2026-2", "inv-2026-3", "b-1", "b-2"];
  expect(partsUnder(references, "")).toEqual([
    { prefix: "INV-2026-", references: 3, isCluster: true },
    { prefix: "b-", references: 2, isCluster: true },
    { prefix: "A-1", references: 1, isCluster: true },
  ]);
  expect(partsUnder(["c-0", "c-1", "c-1a"], "C-")).toEqual([
    { prefix: "c-1", references: 2, isCluster: false },
    { prefix: "c-0", references: 1, isCluster: false },
  ]);
});

test("a part that is not longer than what it comes from is none", () => {
  expect(partsUnder(["ü1", "ü2"], "")).toEqual([]);
});

test("under a prefix, whatever the case", () => {
  expect(isUnder("inv-1", ["INV-"])).toBe(true);
  expect(isUnder("inv-1", ["CRE-", ""])).toBe(true);
  expect(isUnder("inv-1", ["CRE-"])).toBe(false);
  expect(isUnder("inv-1", [])).toBe(false);
});
