import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/core/json.ts";
import { formatPath } from "../../../src/core/locate.ts";
import { misfits, readArgumentType } from "../../../src/kinds/job/argument-type.ts";
import { argumentBlocks } from "../../../src/kinds/job/arguments.ts";
import type { LiveProcess } from "../../../src/kinds/job/live.ts";
import { jobSpec } from "../../support/desired.ts";

const asm = "System.Private.CoreLib, Version=6.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e";
const list = `System.Collections.Generic.List\`1[[System.String, ${asm}]], ${asm}`;
const map = `System.Collections.Generic.Dictionary\`2[[System.String, ${asm}],[System.Int32[], ${asm}]], ${asm}`;

describe("the type of an argument", () => {
  it.each<[string, JsonValue, string[]]>([
    [`System.String, ${asm}`, "x", []],
    ["System.String", 7, ["must be text (put it in quotes)"]],
    ["System.String", {}, ["must be text"]],
    ["System.Boolean", "true", ["must be true or false"]],
    ["System.Boolean", false, []],
    ["System.Int32", 33, []],
    ["System.Int32", 33.5, ["must be a whole number"]],
    ["System.Int32", "33", ["must be a whole number (write the number without quotes)"]],
    ["System.Int32", "x", ["must be a whole number"]],
    ["System.Int32", 2 ** 31, ["must be from -2147483648 to 2147483647"]],
    ["System.Byte", 256, ["must be from 0 to 255"]],
    ["System.Int64", 2 ** 31, []],
    ["System.Double", 33, []],
    ["System.Decimal", "33", ["must be a number (write the number without quotes)"]],
    ["System.DateTime", "2026-12-01", []],
    ["System.DateTime", "tomorrow", []],
    ["System.DateTime", "2026-02-30T00:00:00Z", ["must be a date (for example 2026-12-01T08:00:00Z)"]],
    ["System.DateTimeOffset", 5, ["must be a date (for example 2026-12-01T08:00:00Z)"]],
    [`System.Int32[], ${asm}`, [1, "2"], ["[1] must be a whole number (write the number without quotes)"]],
    [list, ["a", 1], ["[1] must be text (put it in quotes)"]],
    [list, "a", ["must be a list"]],
    [map, { a: [1], b: ["x"] }, ["b[0] must be a whole number"]],
    [map, ["a"], ["must be a mapping"]],
    [`System.Nullable\`1[[System.Boolean, ${asm}]], ${asm}`, 1, ["must be true or false"]],
    ["System.Collections.Generic.Queue`1[[System.String]]", 1, []],
    ["System.Data.DataTable, System.Data", 1, []],
    ["System.Object", { any: 1 }, []],
    ["constructor", 1, []],
    ["", 1, []],
  ])("%s has about %j: %j", (type, value, lines) => {
    const found = misfits(value, readArgumentType(type));
    expect(
      found.map(({ path, must, hint }) =>
        `${formatPath(path)} must ${must}${hint === undefined ? "" : ` (${hint})`}`.trim(),
      ),
    ).toEqual(lines);
  });

  it("of an integer refuses leading zeros with the reason, and null is never judged", () => {
    expect(misfits("0065", readArgumentType("System.Int32"))).toMatchObject([
      { hint: expect.stringContaining("0065 becomes 53") },
    ]);
    expect(misfits("0065", readArgumentType("System.String"))).toEqual([]);
    expect(misfits(null, readArgumentType("System.Int32"))).toEqual([]);
  });
});

describe("the input arguments of a job", () => {
  const process: LiveProcess = { id: 1, key: "k", name: "Smoke", version: "1.0.0" };
  const argument = (name: string, type: string, more: object = {}): NonNullable<LiveProcess["inputs"]>[number] => ({
    name,
    type: `${type}, ${asm}`,
    required: false,
    hasDefault: false,
    ...more,
  });
  const inputs = [argument("age", "System.Int32"), argument("who", "System.String", { required: true })];
  const blocks = (inputArguments: JsonObject | undefined, declared: Partial<LiveProcess>): string[] =>
    argumentBlocks(jobSpec(inputArguments === undefined ? {} : { inputArguments }), { ...process, ...declared }).map(
      ({ reason, hint, at }) => `${formatPath(at ?? [])}: ${reason.text}${hint === undefined ? "" : ` (${hint})`}`,
    );

  it("are named, typed and there", () => {
    expect(blocks({ age: 33, who: "ana" }, { inputs })).toEqual([]);
    expect(blocks({ Age: 33, colour: 1 }, { inputs })).toEqual([
      "inputArguments.Age: process Smoke has no input argument Age (did you mean age?)",
      "inputArguments.colour: process Smoke has no input argument colour (it has age, who)",
      "inputArguments: process Smoke needs the input argument who (System.String)",
    ]);
    expect(blocks({ age: "x", who: "ana" }, { inputs })).toEqual([
      "inputArguments.age: inputArguments.age must be a whole number: Smoke declares age as System.Int32",
    ]);
    const tags = [argument("tags", "System.Collections.Generic.List`1[[System.String, x, y=z]]")];
    expect(blocks({ tags: ["a", 1] }, { inputs: tags })).toEqual([
      "inputArguments.tags[1]: inputArguments.tags[1] must be text: Smoke declares tags as System.Collections.Generic.List`1[[System.String]] (put it in quotes)",
    ]);
  });

  it("may be left to the process where it has a value of its own", () => {
    expect(blocks(undefined, { inputs, defaults: ["who"] })).toEqual([]);
    expect(
      blocks(undefined, { inputs: [argument("who", "System.String", { required: true, hasDefault: true })] }),
    ).toEqual([]);
  });

  it("are not judged where the server does not tell what the process declares", () => {
    expect(blocks({ anything: 1 }, {})).toEqual([]);
    expect(blocks({ anything: 1 }, { inputs: [] })).toEqual([
      "inputArguments.anything: process Smoke has no input argument anything (it has none)",
    ]);
  });

  it("never have their values quoted: they may be secret", () => {
    expect(JSON.stringify(blocks({ age: "s3cret", who: 1 }, { inputs }))).not.toContain("s3cret");
  });
});
