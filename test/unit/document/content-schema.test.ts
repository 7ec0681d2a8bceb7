import { describe, expect, it } from "vitest";
import { isUnusable } from "../../../src/core/content-schema.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { formatPath } from "../../../src/core/locate.ts";
import { compileContentSchema } from "../../../src/document/content-schema.ts";

/** What the schema says about the content, a line a problem; or why it says nothing. */
function judge(schema: unknown, content: JsonObject): string | string[] {
  const check = compileContentSchema(typeof schema === "string" ? schema : JSON.stringify(schema));
  const result = isUnusable(check) ? check : check(content);
  if (isUnusable(result)) return result.unusable;
  return result.map(({ path, message, hint }) =>
    [`${formatPath(path)} ${message}`.trim(), ...(hint === undefined ? [] : [hint])].join("; "),
  );
}

const people = {
  type: "object",
  required: ["Email"],
  additionalProperties: false,
  properties: {
    Email: { type: "string", pattern: "^.+@.+$", maxLength: 20, minLength: 3 },
    Age: { type: ["integer", "null"], minimum: 18, exclusiveMaximum: 99 },
    Role: { enum: ["clerk", "boss", 7] },
    Version: { const: 1 },
    Step: { multipleOf: 5, maximum: 50, exclusiveMinimum: 0 },
  },
};

describe("the JSON schema of a queue", () => {
  it("has nothing against content that fits", () => {
    expect(judge(people, { Email: "a@b.c", Age: null, Role: 7, Version: 1, Step: 10 })).toEqual([]);
  });

  it.each<[string, JsonObject, string[]]>([
    ["a key that is missing", {}, ["Email is required by the queue's schema"]],
    [
      "a key that is misspelled",
      { Email: "a@b.c", Agee: 20 },
      ['Agee is not a key that the queue\'s schema knows; did you mean "Age"?'],
    ],
    ["another type", { Email: 7 }, ["Email must be text"]],
    ["one of two types", { Email: "a@b.c", Age: "20" }, ["Age must be a whole number or null"]],
    ["a value that is not listed", { Email: "a@b.c", Role: "king" }, ['Role must be one of "clerk", "boss", 7']],
    ["another value than the only one", { Email: "a@b.c", Version: 2 }, ["Version must be 1"]],
    ["a number that is too small", { Email: "a@b.c", Age: 17 }, ["Age must be at least 18"]],
    ["a number at an exclusive limit", { Email: "a@b.c", Age: 99 }, ["Age must be less than 99"]],
    ["several limits", { Email: "a@b.c", Step: 51 }, ["Step must be at most 50", "Step must be a multiple of 5"]],
    ["zero at an exclusive limit", { Email: "a@b.c", Step: 0 }, ["Step must be more than 0"]],
    [
      "text of the wrong length and form",
      { Email: "ab" },
      ["Email must have at least 3 characters", 'Email must match "^.+@.+$"'],
    ],
    ["text that is too long", { Email: `${"a".repeat(19)}@b` }, ["Email must have at most 20 characters"]],
  ])("tells of %s", (_what, content, lines) => {
    expect(judge(people, content)).toEqual(lines);
  });

  it("tells of rules that it has no words for, of names, of numbers of keys, and of each thing once", () => {
    expect(judge({ not: { required: ["x"] } }, { x: 1 })).toEqual(["breaks the rule not of the queue's schema"]);
    expect(judge({ propertyNames: { pattern: "^[A-Z]" } }, { low: 1 })).toEqual([
      "low is not a name that the queue's schema allows",
    ]);
    expect(judge({ minProperties: 2 }, { a: 1 })).toEqual(["must have at least 2 entries"]);
    expect(judge({ maxProperties: 1 }, { a: 1, b: 2 })).toEqual(["must have at most 1 entry"]);
    expect(judge({ allOf: [{ required: ["x"] }, { required: ["x"] }] }, {})).toEqual([
      "x is required by the queue's schema",
    ]);
    expect(judge('{"if":{"required":["a"]},"then":{"required":["b"]}}', { a: 1 })).toEqual([
      "b is required by the queue's schema",
    ]);
    expect(judge({ dependencies: { a: ["b"] } }, { a: 1 })).toEqual(["b is required by the queue's schema"]);
  });

  it("never quotes a value of the content", () => {
    const content = { Email: "s3cret-without-at-sign-and-too-long", Age: "s3cret", Role: "s3cret", Version: "s3cret" };
    expect(JSON.stringify(judge(people, content))).not.toContain("s3cret");
  });

  it.each([
    ["http://json-schema.org/draft-04/schema#", { minimum: 5, exclusiveMinimum: true }],
    ["http://json-schema.org/draft-06/schema#", { exclusiveMinimum: 5 }],
    ["http://json-schema.org/draft-07/schema#", { exclusiveMinimum: 5 }],
    ["http://json-schema.org/draft-07/schema", { exclusiveMinimum: 5 }],
    ["https://json-schema.org/draft/2019-09/schema", { exclusiveMinimum: 5 }],
    ["https://json-schema.org/draft/2020-12/schema", { exclusiveMinimum: 5 }],
  ])("is understood in %s", ($schema, limit) => {
    const schema = { $schema, properties: { n: { type: "number", ...limit } } };
    expect(judge(schema, { n: 5 })).toEqual(["n must be more than 5"]);
    expect(judge(schema, { n: 6 })).toEqual([]);
  });

  it("of draft 4 may say that a limit is not exclusive, and name itself by id", () => {
    const $schema = "http://json-schema.org/draft-04/schema#";
    const schema = { $schema, id: "http://x/y", properties: { n: { maximum: 5, exclusiveMaximum: false } } };
    expect(judge(schema, { n: 5 })).toEqual([]);
    expect(judge(schema, { n: 6 })).toEqual(["n must be at most 5"]);
  });

  it("as generators make it, with an $id for each property, is understood", () => {
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      $id: "http://example.com/root.json",
      definitions: { name: { type: "string" } },
      properties: {
        name: { $id: "#/properties/name", $ref: "#/definitions/name", title: "The Name", examples: ["x"] },
      },
    };
    expect(judge(schema, { name: 1 })).toEqual(["name must be text"]);
  });

  it("does not judge formats: which ones the server enforces is not known", () => {
    expect(judge({ properties: { at: { type: "string", format: "date-time" } } }, { at: "soon" })).toEqual([]);
  });

  it.each([
    ["no JSON", "{", /JSON/],
    ["no object", "[]", /no JSON object/],
    ["of a draft that nobody knows", { $schema: "http://json-schema.org/draft-03/schema#" }, /draft-03/],
    ["with a type that does not exist", { type: "date" }, /type/],
    ["with a reference to elsewhere", { $ref: "http://example.com/other.json" }, /other\.json/],
    [
      "with a pattern that only .NET reads",
      { properties: { a: { pattern: "(?<n>a)(?(n)b|c)" } } },
      /regular expression/i,
    ],
    ["referring to itself without end", { allOf: [{ $ref: "#" }] }, /without end/],
    ["deeper than the stack", `${'{"not":'.repeat(20_000)}{}${"}".repeat(20_000)}`, /without end/],
  ])("that is %s is unusable, and says why", (_what, schema, why) => {
    expect(judge(schema, {})).toEqual(expect.stringMatching(why));
  });
});
