import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, isRecord, type JsonValue } from "../../../src/core/json.ts";
import { mergePatch } from "../../../src/core/merge-patch.ts";

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, 0, 1, "a", "b", true),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__", "constructor"), tie("value"), { maxKeys: 4 }),
  ),
}));

/** A deep copy that throws when it is touched. */
function frozen(given: JsonValue): JsonValue {
  if (Array.isArray(given)) return Object.freeze(given.map(frozen));
  if (!isRecord(given)) return given;
  return Object.freeze(Object.fromEntries(members(given).map(([name, member]) => [name, frozen(member)])));
}

function members(record: Readonly<Record<string, unknown>>): [string, JsonValue][] {
  return Object.entries(record) as [string, JsonValue][];
}

/** Two patches as one: the second wins, and what either removes stays removed. */
function composed(first: JsonValue, second: JsonValue): JsonValue {
  if (!isRecord(first) || !isRecord(second)) return second;
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const [a, b] = [own(first, name), own(second, name)];
      return [name, a === undefined || b === undefined ? (a ?? b ?? null) : composed(a, b)];
    }),
  );
}

/** False where a mapping of the second patch stands on what the first replaces or removes: no one patch can say that. */
function composable(first: JsonValue, second: JsonValue): boolean {
  if (!isRecord(second)) return true;
  if (!isRecord(first)) return false;
  return Object.keys(second).every((name) => {
    const [a, b] = [own(first, name), own(second, name)];
    return a === undefined || b === undefined || composable(a, b);
  });
}

function own(record: Readonly<Record<string, unknown>>, name: string): JsonValue | undefined {
  return Object.hasOwn(record, name) ? (record[name] as JsonValue) : undefined;
}

/** RFC 7396, section 2, word for word and with side effects: what ours is measured by. */
function byTheBook(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isRecord(patch)) return patch;
  const result = new Map(isRecord(target) ? members(target) : []);
  for (const [name, member] of members(patch)) {
    if (member === null) result.delete(name);
    else result.set(name, byTheBook(result.get(name) ?? {}, member));
  }
  return Object.fromEntries(result);
}

it("does what RFC 7396 says", () => {
  fc.assert(
    fc.property(value, value, (target, patch) => {
      expect(canonicalJson(mergePatch(target, patch))).toBe(canonicalJson(byTheBook(target, patch)));
    }),
  );
});

it("gives the same by two patches as by their composition", () => {
  fc.assert(
    fc.property(value, value, value, (target, first, second) => {
      fc.pre(composable(first, second));
      expect(canonicalJson(mergePatch(mergePatch(target, first), second))).toBe(
        canonicalJson(mergePatch(target, composed(first, second))),
      );
    }),
  );
});

it("changes nothing the second time", () => {
  fc.assert(
    fc.property(value, value, (target, patch) => {
      const once = mergePatch(target, patch);
      expect(canonicalJson(mergePatch(once, patch))).toBe(canonicalJson(once));
    }),
  );
});

it("never touches what it was given", () => {
  fc.assert(
    fc.property(value, value, (target, patch) => {
      const [given, change] = [frozen(target), frozen(patch)];
      const before = canonicalJson([given, change]);
      mergePatch(given, change);
      expect(canonicalJson([given, change])).toBe(before);
    }),
  );
});

describe("examples of RFC 7396, appendix A", () => {
  const cases: readonly (readonly [JsonValue, JsonValue, JsonValue])[] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  it.each(cases)("%j with %j is %j", (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

it("takes __proto__ for a key like any other", () => {
  const patch = JSON.parse('{"__proto__": {"polluted": true}}') as JsonValue;
  const merged = mergePatch({ a: 1 }, patch);
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(JSON.stringify(merged)).toBe('{"a":1,"__proto__":{"polluted":true}}');
  expect({}).not.toHaveProperty("polluted");
});
