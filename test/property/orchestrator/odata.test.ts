import * as fc from "fast-check";
import { expect, test } from "vitest";
import { and, eq, gt, int, isIn, or, startsWith, str, type Filter } from "../../../src/orchestrator/odata/filter.ts";
import { fits, limits, queryString, runs, type Query } from "../../../src/orchestrator/odata/query.ts";

/** What an OData server makes of a string literal at the start of a text: its value, and what follows it. */
function readLiteral(text: string): { readonly value: string; readonly rest: string } {
  const match = /^'((?:[^']|'')*)'/s.exec(text);
  if (match === null) throw new SyntaxError(text);
  return { value: (match[1] ?? "").replaceAll("''", "'"), rest: text.slice(match[0].length) };
}

/** The value of an option as a server decodes it. */
function optionOf(query: string, name: string): string {
  const part = query.split("&").find((each) => each.startsWith(`${name}=`)) ?? "";
  return decodeURIComponent(part.slice(name.length + 1));
}

const reference = fc.string({ unit: "binary", maxLength: 128 });

test("a literal comes back as it went, whatever it holds, and nothing gets out of it", () => {
  fc.assert(
    fc.property(reference, (value) => {
      const query = queryString({ filter: eq("Reference", str(value)) });
      expect(query).toMatch(/^\$filter=[\w.~%!()*-]*$/); // neither quote nor blank nor plus goes raw over the wire
      const { value: read, rest } = readLiteral(optionOf(query, "$filter").slice("Reference eq ".length));
      expect({ read, rest }).toEqual({ read: value.toWellFormed(), rest: "" });
    }),
  );
});

test("the values of a list come back in order", () => {
  fc.assert(
    fc.property(fc.array(reference, { minLength: 1, maxLength: 20 }), (values) => {
      let text = optionOf(queryString({ filter: isIn("Reference", values.map(str)) }), "$filter");
      expect(text.startsWith("Reference in (")).toBe(true);
      text = text.slice("Reference in ".length);
      const read: string[] = [];
      while (text !== ")") {
        const next = readLiteral(text.slice(1));
        read.push(next.value);
        text = next.rest;
      }
      expect(read).toEqual(values.map((value) => value.toWellFormed()));
    }),
  );
});

const lookups: Readonly<Record<string, (values: readonly string[]) => Filter>> = {
  in: (values) => isIn("Reference", values.map(str)),
  or: (values) => or(...values.map((value) => eq("Reference", str(value)))),
};

test.each(Object.keys(lookups))("runs of look-ups by %s keep the limits and lose nothing", (name) => {
  const lookup = lookups[name] ?? lookups["in"]!;
  const build = (values: readonly string[]): Query => ({
    filter: and(eq("QueueDefinitionId", int(102135)), lookup(values), gt("Id", int(Number.MAX_SAFE_INTEGER))),
    orderBy: "Id asc",
    top: 1000,
  });
  fc.assert(
    fc.property(fc.array(reference, { maxLength: 150 }), (values) => {
      const found = runs(values, build);
      expect(found.flat()).toEqual(values);
      for (const run of found) {
        expect(fits(build(run))).toBe(true);
        expect(queryString(build(run)).length).toBeLessThanOrEqual(limits.bytes);
      }
    }),
  );
});

test("the measured edges: 20 plain and 16 navigation comparisons pass, one more does not", () => {
  const joined = (property: string, count: number): Query => ({
    filter: or(...Array.from({ length: count }, (_, index) => eq(property, int(index)))),
  });
  expect(fits(joined("ReviewerUserId", 20))).toBe(true);
  expect(fits(joined("ReviewerUserId", 21))).toBe(false);
  expect(fits(joined("Robot/Id", 16))).toBe(true);
  expect(fits(joined("Robot/Id", 17))).toBe(false);
});

test("conditions keep their precedence", () => {
  const filter = and(eq("A", int(1)), or(eq("B", int(2)), startsWith("C", str("x"))));
  expect(filter.text).toBe("(A eq 1 and (B eq 2 or startswith(C,'x')))");
});
