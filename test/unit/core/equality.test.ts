import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diffFields, sameValue } from "../../../src/core/field-diff.ts";
import type { JsonPrimitive, JsonValue } from "../../../src/core/json.ts";

/** The rows of "What equals what" in docs/formats.md, by what stands in their first column. */
const rows: Readonly<Record<string, { readonly equal: Pairs; readonly different: Pairs }>> = {
  Numbers: {
    equal: [
      ["1", "1.0"],
      ["1", "1e0"],
      ["0", "-0"],
      ["12.5", "12.50"],
      ["1000000000000000000000", "1e21"],
    ],
    different: [
      ["1", "1.0000000001"],
      ["0", "0.1"],
    ],
  },
  "Numbers and text": {
    equal: [],
    different: [
      ["1", '"1"'],
      ['"1"', '"1.0"'],
      ['"1"', '"01"'],
    ],
  },
  "Dates with a zone": {
    equal: [
      ['"2026-12-01T08:00:00Z"', '"2026-12-01T10:00:00+02:00"'],
      ['"2026-12-01T08:00:00Z"', '"2026-12-01T08:00:00.0000000Z"'],
      ['"2026-12-01T08:00:00.5Z"', '"2026-12-01T08:00:00.500Z"'],
      ['"2026-12-31T23:30:00-01:00"', '"2027-01-01T00:30:00Z"'],
      ['"2026-12-01T08:00:00+00:00"', '"2026-12-01T08:00:00Z"'],
    ],
    different: [
      ['"2026-12-01T08:00:00Z"', '"2026-12-01T08:00:00.0000001Z"'],
      ['"2026-12-01T08:00:00Z"', '"2026-12-01T08:00:00+02:00"'],
    ],
  },
  "Other dates": {
    equal: [],
    different: [
      ['"2026-12-01T08:00:00"', '"2026-12-01T08:00:00Z"'],
      ['"2026-12-01"', '"2026-12-01T00:00:00Z"'],
      ['"2026-12-01 08:00:00Z"', '"2026-12-01T08:00:00Z"'],
      ['"2026-12-01T08:00:00z"', '"2026-12-01T08:00:00Z"'],
      ['"2026-12-01T08:00Z"', '"2026-12-01T08:00:00Z"'],
      ['"2026-02-30T00:00:00Z"', '"2026-03-02T00:00:00Z"'],
      ['"2026-12-01T08:00:00.00000000Z"', '"2026-12-01T08:00:00Z"'],
    ],
  },
  Text: {
    equal: [['"a"', '"a"']],
    different: [
      ['"a"', '"A"'],
      ['"a"', '"a "'],
      ['"a"', '" a"'],
      ['"\\u00e9"', '"e\\u0301"'],
      ['"a\\n"', '"a\\r\\n"'],
      ['""', '" "'],
    ],
  },
  "True, false and text": {
    equal: [],
    different: [
      ["true", '"true"'],
      ["true", '"True"'],
      ["false", "0"],
      ["true", "1"],
    ],
  },
  "null and text": {
    equal: [],
    different: [
      ["null", '""'],
      ["null", '"null"'],
      ["null", "0"],
      ["null", "false"],
    ],
  },
  "Lists and mappings in input arguments": {
    equal: [
      ['{"a":1,"b":[2]}', '{"b":[2.0],"a":1}'],
      ['[{"at":"2026-12-01T08:00:00Z"}]', '[{"at":"2026-12-01T10:00:00+02:00"}]'],
      ["[]", "[]"],
    ],
    different: [
      ["[1,2]", "[2,1]"],
      ["[1]", "[1,null]"],
      ["{}", "[]"],
      ["{}", "null"],
      ["[]", "null"],
    ],
  },
};
type Pairs = readonly (readonly [string, string])[];

const all = (pairs: Pairs, row: string, equal: boolean): (readonly [string, string, string, boolean])[] =>
  pairs.map(([a, b]) => [row, a, b, equal] as const);
const flat = Object.entries(rows).flatMap(([row, { equal, different }]) =>
  all(equal, row, true).concat(all(different, row, false)),
);

it.each(flat)("%s: %s and %s, equal: %s", (_row, left, right, equal) => {
  const [a, b] = [JSON.parse(left) as JsonValue, JSON.parse(right) as JsonValue];
  expect([sameValue(a, b), sameValue(b, a)]).toEqual([equal, equal]);
  expect(diffFields({ key: a }, { key: b }).length === 0).toBe(equal);
  expect(sameValue({ content: a }, { content: b }), "as a whole content, which is how a write is checked").toBe(equal);
});

describe("members of content", () => {
  it.each<[string, Record<string, JsonPrimitive>, Record<string, JsonPrimitive>, readonly string[]]>([
    ["A key that is missing", {}, { a: null }, ["a"]],
    ["A key that is missing", { a: "" }, {}, ["a"]],
    ["The case of a key", { Amount: 1 }, { amount: 1 }, ["amount", "Amount"]],
    ["The order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  ])("%s", (_row, before, after, paths) => {
    expect(diffFields(before, after).map(({ path }) => path)).toEqual(paths);
    expect(sameValue(before, after)).toBe(paths.length === 0);
  });
});

it("has a row in the documentation for each of them", () => {
  const page = readFileSync(new URL("../../../docs/formats.md", import.meta.url), "utf8");
  const documented = [...Object.keys(rows), "A key that is missing", "The case of a key", "The order of keys"];
  for (const row of documented) expect(page).toMatch(new RegExp(`^\\| ${row} +\\|`, "m"));
});
