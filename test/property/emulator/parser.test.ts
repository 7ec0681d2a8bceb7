import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ApiError } from "../../../src/emulator/errors.ts";
import { formatInstant, parseInstant } from "../../../src/emulator/instant.ts";
import { countNodes, type Expression, type Literal } from "../../../src/emulator/odata/ast.ts";
import { parseFilter } from "../../../src/emulator/odata/parser.ts";

const noise = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.constantFrom("A", "eq", "and", "not", "in", "(", ")", ",", "/", "'a'", "1", "null", "contains", "-", " "),
      { maxLength: 30 },
    )
    .map((words) => words.join(" ")),
);

/** The filter, or what was thrown instead. */
function attempt(text: string): Expression | Error {
  try {
    return parseFilter(text);
  } catch (error) {
    return error as Error;
  }
}

test("any text is a filter or an invalid query option, nothing else", () => {
  fc.assert(
    fc.property(noise, (text) => {
      const result = attempt(text);
      const isRefused = result instanceof ApiError && result.errorCode === 1000;
      expect(isRefused || !(result instanceof Error)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const name = fc.stringMatching(/^[A-Z][a-z]{2,5}$/);
const at = 0;
const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.constant<Literal>({ type: "null" }),
  fc.boolean().map((value): Literal => ({ type: "boolean", value })),
  fc.string().map((value): Literal => ({ type: "string", value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Literal => ({ type: "integer", value })),
  fc.uuid().map((value): Literal => ({ type: "guid", value })),
);
const path = fc
  .array(name, { minLength: 1, maxLength: 2 })
  .map((segments): Expression => ({ kind: "path", segments, at }));
const value = literal.map((known): Expression => ({ kind: "literal", literal: known, at }));
const { condition } = fc.letrec<{ condition: Expression }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .tuple(path, fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le"), value)
      .map(([left, operator, right]): Expression => ({ kind: "comparison", operator, left, right, at })),
    fc
      .tuple(path, fc.array(literal, { minLength: 1, maxLength: 4 }))
      .map(([left, values]): Expression => ({ kind: "in", left, values, at })),
    fc.tuple(path, value).map((list): Expression => ({ kind: "call", name: "contains", arguments: list, at })),
    tie("condition").map((operand): Expression => ({ kind: "not", operand, at })),
    fc
      .tuple(tie("condition"), fc.constantFrom("and", "or"), tie("condition"))
      .map(([left, operator, right]): Expression => ({ kind: "logical", operator, left, right, at })),
  ),
}));

function print(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return printLiteral(expression.literal);
    case "path":
      return expression.segments.join("/");
    case "call":
      return `${expression.name}(${expression.arguments.map(print).join(",")})`;
    case "not":
      return `not (${print(expression.operand)})`;
    case "logical":
      return `(${print(expression.left)}) ${expression.operator} (${print(expression.right)})`;
    case "comparison":
      return `${print(expression.left)} ${expression.operator} ${print(expression.right)}`;
    case "in":
      return `${print(expression.left)} in (${expression.values.map(printLiteral).join(",")})`;
  }
}

function printLiteral(known: Literal): string {
  if (known.type === "null") return "null";
  return known.type === "string" ? `'${known.value.replaceAll("'", "''")}'` : String(known.value);
}

const withoutPlaces = (expression: Expression): unknown =>
  JSON.parse(
    JSON.stringify(expression, (key, part: unknown) =>
      key === "at" ? 0 : typeof part === "bigint" ? `${part}n` : part,
    ),
  );

test("what is printed is parsed into the same tree", () => {
  fc.assert(
    fc.property(condition, (expression) => {
      fc.pre(countNodes(expression) <= 100);
      expect(withoutPlaces(attempt(print(expression)) as Expression)).toEqual(withoutPlaces(expression));
    }),
  );
});

test("an instant keeps its seven digits, in order, whatever its offset", () => {
  const time = fc.tuple(
    fc.date({ min: new Date("1900-01-01T00:00:00Z"), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true }),
    fc.stringMatching(/^\d{0,7}$/),
    fc.integer({ min: -14 * 60, max: 14 * 60 }),
  );
  const spell = ([date, fraction, offset]: readonly [Date, string, number]): string => {
    const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
    const two = (part: number): string => String(part).padStart(2, "0");
    const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
    return `${local}${fraction === "" ? "" : `.${fraction}`}${zone}`;
  };
  fc.assert(
    fc.property(time, (written) => {
      const instant = parseInstant(spell(written)) ?? "";
      expect(instant).toBe(`${written[0].toISOString().slice(0, 19)}.${written[1].padEnd(7, "0")}Z`);
      expect(parseInstant(formatInstant(instant))).toBe(instant);
      expect(formatInstant(instant)).toMatch(/^[^.]*(?:\.\d*[1-9])?Z$/);
    }),
  );
});
