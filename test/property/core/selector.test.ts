import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fold } from "../../../src/core/fold.ts";
import { globMatches } from "../../../src/core/glob.ts";
import { kinds } from "../../../src/core/resource.ts";
import { matches, parseSelector, select, selectorOf, type Selectable } from "../../../src/core/selector.ts";

/** Tries every way to share the text out: slow, and too simple to be wrong. */
function naively(glob: string, text: string, path: boolean): boolean {
  if (glob === "") return text === "";
  const [sign = "", rest] = [Array.from(glob)[0], Array.from(glob).slice(1).join("")];
  const [next, below] = [Array.from(text)[0], Array.from(text).slice(1).join("")];
  if (sign === "*") {
    const stars = /^\*+/.exec(glob)?.[0].length ?? 1;
    const crosses = !path || stars > 1;
    const after = glob.slice(stars);
    return (
      naively(after, text, path) || (next !== undefined && (crosses || next !== "/") && naively(glob, below, path))
    );
  }
  if (next === undefined) return false;
  return (sign === "?" ? !path || next !== "/" : sign === next) && naively(rest, below, path);
}

const signs = fc.constantFrom("a", "B", "é", "e\u0301", "/", " ", "😀", "-");
const text = fc.array(signs, { maxLength: 7 }).map((all) => all.join(""));
const glob = fc.array(fc.oneof(signs, fc.constantFrom("*", "**", "?")), { maxLength: 6 }).map((all) => all.join(""));

it("matches globs as a naive matcher does", () => {
  fc.assert(
    fc.property(glob, text, fc.boolean(), (pattern, name, path) => {
      expect(globMatches(pattern, name, { path })).toBe(naively(fold(pattern), fold(name), path));
    }),
    { numRuns: 1000 },
  );
});

it("is not slowed down by any pattern", () => {
  const started = performance.now();
  expect(globMatches("*a".repeat(200), "a".repeat(199) + "b")).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});

const name = fc.constantFrom("smoke-test", "smoke.2", "march", "a");
const resource: fc.Arbitrary<Selectable> = fc.record({
  key: fc.record({
    kind: fc.constantFrom(...kinds),
    name,
    folder: fc.constantFrom("Finance", "Finance/Invoices", "Ops, North", "What?*", ""),
  }),
  labels: fc.dictionary(fc.constantFrom("team", "env"), fc.constantFrom("finance", "ops", ""), { maxKeys: 2 }),
});
const term = fc.oneof(
  fc.constantFrom("kind=*", "kind=job", "kind=Queue*", "kind=?o?"),
  fc.constantFrom("name=*", "name=SMOKE*", "name=march", "name=?"),
  fc.constantFrom("folder=*", "folder=**", "folder=/Finance/", "folder=Finance/*", "folder=*/*"),
  fc.constantFrom("label.team=*", "label.team=finance", "label.env=", "label.none=*"),
);
const expression = fc.array(term, { minLength: 1, maxLength: 3 }).map((terms) => terms.join(","));

it("keeps by --select exactly what --exclude with the same expression leaves out", () => {
  fc.assert(
    fc.property(fc.array(resource), fc.array(expression, { minLength: 1, maxLength: 3 }), (resources, expressions) => {
      const selected = select(
        resources,
        expressions.map((each) => parseSelector(each, "--select")),
      );
      const excluded = select(
        resources,
        expressions.map((each) => parseSelector(each, "--exclude")),
      );
      expect(new Set([...selected, ...excluded])).toEqual(new Set(resources));
      expect(selected.filter((each) => excluded.includes(each))).toEqual([]);
    }),
  );
});

it("does not depend on the order of resources, expressions or terms", () => {
  fc.assert(
    fc.property(
      fc.array(resource),
      fc.array(fc.tuple(expression, fc.constantFrom("--select" as const, "--exclude" as const)), { maxLength: 4 }),
      (resources, given) => {
        const selectors = given.map(([each, flag]) => parseSelector(each, flag));
        const turned = given.toReversed().map(([each, flag]) => {
          return parseSelector(each.split(",").toReversed().join(","), flag);
        });
        expect(select(resources.toReversed(), turned).toReversed()).toEqual(select(resources, selectors));
      },
    ),
  );
});

it("writes for every resource an expression that matches it, and no other of its name", () => {
  fc.assert(
    fc.property(resource, fc.array(resource), (one, more) => {
      fc.pre(one.key.folder !== ""); // none is known offline only, where nothing is planned
      const all = [one, ...more];
      const selector = parseSelector(
        selectorOf(
          one.key,
          all.map(({ key }) => key),
        ),
        "--exclude",
      );
      expect(matches(selector, one)).toBe(true);
      for (const other of select(all, [{ ...selector, flag: "--select" }])) {
        expect(other.key).toEqual(one.key);
      }
    }),
  );
});
