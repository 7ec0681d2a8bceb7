import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Expression, Literal } from "../../../src/emulator/odata/ast.ts";
import type { Entity } from "../../../src/emulator/odata/model.ts";
import { parseFilter } from "../../../src/emulator/odata/parser.ts";
import { Translator } from "../../../src/emulator/odata/sql.ts";
import { Database } from "../../../src/emulator/store/database.ts";

// Filters on a table with a column of every type, and nulls in all of them: run by SQLite, and by the rules below.

interface Row {
  readonly id: number;
  readonly number: number | null;
  readonly decimal: number | null;
  readonly text: string | null;
  readonly flag: boolean | null;
  readonly time: string | null;
  readonly guid: string | null;
  /** Number of a {@link colours | colour}. */
  readonly colour: number | null;
  /** Id of another row. */
  readonly other: number | null;
}

const colours = ["Red", "Green", "Blue"];

const other: Entity = {
  name: "Other",
  from: "rows",
  properties: { Id: { type: "integer", column: "id" }, Text: { type: "string", column: "text" } },
  navigations: {},
};

const entity: Entity = {
  name: "Row",
  from: "rows",
  properties: {
    Id: { type: "integer", column: "id" },
    Number: { type: "integer", column: "number" },
    Decimal: { type: "decimal", column: "decimal" },
    Text: { type: "string", column: "text" },
    Flag: { type: "boolean", column: "flag" },
    Time: { type: "instant", column: "time" },
    Guid: { type: "guid", column: "guid" },
    Colour: { type: { name: "Colour", members: colours }, column: "colour" },
  },
  navigations: { Other: { entity: other, column: "other" } },
};

const db = Database.open(undefined);
const columns = ["id", "number", "decimal", "text", "flag", "time", "guid", "colour", "other"] as const;
db.run(`CREATE TABLE rows (${columns.join(", ")})`);

function bySqlite(rows: readonly Row[], filter: string): readonly unknown[] {
  return db.transaction(() => {
    db.run("DELETE FROM rows");
    for (const row of rows) db.insert("rows", Object.fromEntries(columns.map((column) => [column, row[column]])));
    const translator = new Translator(entity);
    const { text, values } = translator.where(parseFilter(filter));
    const found = db.all(`SELECT t0.id FROM ${translator.from()} WHERE ${text} ORDER BY t0.id`, ...values);
    return found.map((row) => row["id"]);
  });
}

type Value = number | string | boolean | null;

/** The rules of OData 4.0: comparisons with null are false but for eq and ne; functions of null are null. */
function evaluate(expression: Expression, rows: readonly Row[], row: Row): Value {
  const inner = (part: Expression): Value => evaluate(part, rows, row);
  switch (expression.kind) {
    case "literal":
      return literalOf(expression.literal);
    case "path":
      return member(expression.segments, rows, row);
    case "call":
      return call(expression.name, expression.arguments.map(inner));
    case "not": {
      const operand = inner(expression.operand);
      return operand === null ? null : !operand;
    }
    case "logical":
      return logical(expression.operator, inner(expression.left), inner(expression.right));
    case "comparison":
      return compare(expression.operator, ...alike(inner(expression.left), inner(expression.right), expression));
    case "in": {
      const left = inner(expression.left);
      return expression.values.some((value) =>
        compare("eq", ...alike(left, literalOf(value), { left: expression.left, right: undefined })),
      );
    }
  }
}

function member(segments: readonly string[], rows: readonly Row[], row: Row): Value {
  const [first = "", second] = segments.map((segment) => segment.toLowerCase());
  if (second === undefined) return row[first as keyof Row];
  const related = rows.find(({ id }) => id === row.other);
  return related?.[second as keyof Row] ?? null;
}

/** A colour is compared by its place in the list; what it is compared with is written as a text. */
function alike(
  left: Value,
  right: Value,
  of: { readonly left: Expression; readonly right: Expression | undefined },
): [Value, Value] {
  const isColour = (expression: Expression | undefined): boolean =>
    expression?.kind === "path" && expression.segments[0] === "Colour";
  const place = (value: Value): Value =>
    typeof value === "string" ? ([colours.indexOf(value), Number(value)].find((index) => index >= 0) ?? null) : value;
  return isColour(of.left) || isColour(of.right) ? [place(left), place(right)] : [left, right];
}

function literalOf(value: Literal): Value {
  if (value.type === "null") return null;
  return typeof value.value === "bigint" ? Number(value.value) : value.value;
}

function call(name: string, [whole, piece]: readonly (Value | undefined)[]): Value {
  if (typeof whole !== "string") return null;
  const [text, part] = [whole.toLowerCase(), typeof piece === "string" ? piece.toLowerCase() : undefined];
  switch (name) {
    case "contains":
      return part === undefined ? null : text.includes(part);
    case "startswith":
      return part === undefined ? null : text.startsWith(part);
    case "endswith":
      return part === undefined ? null : text.endsWith(part);
    case "indexof":
      return part === undefined ? null : text.indexOf(part);
    case "tolower":
      return text;
    case "toupper":
      return whole.toUpperCase();
    case "date":
      return new Date(whole).toISOString().slice(0, 10);
    case "year":
      return new Date(whole).getUTCFullYear();
    case "month":
      return new Date(whole).getUTCMonth() + 1;
    case "day":
      return new Date(whole).getUTCDate();
    case "hour":
      return new Date(whole).getUTCHours();
    case "minute":
      return new Date(whole).getUTCMinutes();
    case "second":
      return new Date(whole).getUTCSeconds();
    default:
      throw new Error(name);
  }
}

function logical(operator: "and" | "or", left: Value, right: Value): Value {
  const decisive = operator === "or";
  if (left === decisive || right === decisive) return decisive;
  return left === null || right === null ? null : !decisive;
}

function compare(operator: string, left: Value, right: Value): boolean {
  const folded = (value: Value): Value => (typeof value === "string" ? value.toLowerCase().replace(/ +$/, "") : value);
  const [a, b] = [folded(left), folded(right)];
  if (operator === "eq") return a === b;
  if (operator === "ne") return a !== b;
  if (a === null || b === null) return false;
  return { gt: a > b, ge: a >= b, lt: a < b, le: a <= b }[operator] ?? false;
}

const number = fc.integer({ min: -2, max: 2 });
const decimal = fc.integer({ min: -4, max: 4 }).map((n) => n / 2);
const text = fc.stringMatching(/^[aAbBÄ' ]{0,3}$/);
const guid = fc.constantFrom("00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b");
const time = fc
  .record({ day: fc.integer({ min: 1, max: 3 }), seconds: fc.integer({ min: 0, max: 86_399 }) })
  .map(({ day, seconds }) =>
    new Date(Date.UTC(2026, 0, day) + seconds * 1000).toISOString().replace("000Z", "0000000Z"),
  );

const quoted = text.map((value) => `'${value.replaceAll("'", "''")}'`);
const operator = fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le");
const orNull = (literal: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 5, arbitrary: literal }, { weight: 1, arbitrary: fc.constant("null") });
const of = (name: string, literal: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(operator, orNull(literal)).map(([sign, value]) => `${name} ${sign} ${value}`),
    fc.tuple(operator, orNull(literal)).map(([sign, value]) => `${value} ${sign} ${name}`),
    fc.array(orNull(literal), { minLength: 1, maxLength: 3 }).map((list) => `${name} in (${list.join(",")})`),
  );
const colour = fc.constantFrom("'Red'", "'green'", "'2'", "'Blue'").map((name) => name.replace("green", "Green"));
const searching = fc
  .tuple(fc.constantFrom("contains", "startswith", "endswith"), quoted)
  .map(([name, piece]) => `${name}(Text,${piece})`);

const { filter } = fc.letrec<{ filter: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    of("Number", number.map(String)),
    of("Id", number.map(String)),
    of("number", decimal.map(String)),
    of("Decimal", decimal.map(String)),
    of("Decimal", number.map(String)),
    of("Text", quoted),
    of("tolower(Text)", quoted),
    of("toupper(Text)", quoted),
    of("Time", time),
    of("Guid", guid),
    of(
      "Guid",
      guid.map((value) => `'${value.toUpperCase()}'`),
    ).map((written) => written),
    of("Colour", colour),
    of("Other/Text", quoted),
    of("Other/Id", number.map(String)),
    of("Flag", fc.constantFrom("true", "false")),
    of("date(Time)", fc.constantFrom("2026-01-01", "2026-01-02")),
    of("day(Time)", fc.integer({ min: 1, max: 3 }).map(String)),
    fc
      .tuple(fc.constantFrom("year", "month", "hour", "minute", "second"), operator, fc.integer({ min: 0, max: 30 }))
      .map(([part, sign, value]) => `${part}(Time) ${sign} ${value}`),
    fc.tuple(quoted, operator, number).map(([piece, sign, value]) => `indexof(Text,${piece}) ${sign} ${value}`),
    searching,
    searching.map((condition) => `${condition} eq true`),
    fc.constantFrom("Flag", "Number eq Id", "Number ne Decimal", "Text eq Other/Text", "Number lt Id"),
  ),
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    tie("filter").map((inner) => `not (${inner})`),
    fc.tuple(tie("filter"), fc.constantFrom("and", "or"), tie("filter")).map(([l, o, r]) => `(${l}) ${o} (${r})`),
  ),
}));

const rows = fc
  .array(
    fc.record({
      number: fc.option(number),
      decimal: fc.option(decimal),
      text: fc.option(text),
      flag: fc.option(fc.boolean()),
      time: fc.option(time),
      guid: fc.option(guid),
      colour: fc.option(fc.integer({ min: 0, max: 2 })),
      other: fc.option(fc.integer({ min: 0, max: 5 })),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map((row, id): Row => ({ id, ...row })));

test("SQLite finds the rows that the rules of OData find", () => {
  fc.assert(
    fc.property(rows, filter, (table, condition) => {
      let parsed: Expression;
      try {
        parsed = parseFilter(condition);
      } catch {
        return fc.pre(false); // over the limit of nodes
      }
      const expected = table.filter((row) => evaluate(parsed, table, row) === true).map((row) => row.id);
      expect(bySqlite(table, condition)).toEqual(expected);
      return undefined;
    }),
    { numRuns: 1000 },
  );
});

test("a filter and its negation never find the same row", () => {
  fc.assert(
    fc.property(rows, filter, (table, condition) => {
      fc.pre(isParsed(`not (${condition})`));
      const found = new Set(bySqlite(table, condition));
      expect(bySqlite(table, `not (${condition})`).filter((id) => found.has(id))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

function isParsed(condition: string): boolean {
  try {
    parseFilter(condition);
    return true;
  } catch {
    return false;
  }
}

test("no text becomes part of the SQL", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const marked = `${value}§`;
      const sql = new Translator(entity).where(parseFilter(`Text eq '${marked.replaceAll("'", "''")}'`));
      expect(sql.text).not.toContain("§");
      expect(sql.values).toHaveLength(1);
    }),
  );
});
