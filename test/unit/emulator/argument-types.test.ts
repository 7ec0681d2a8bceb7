import { describe, expect, it } from "vitest";
import { fitsType, shortType } from "../../../src/emulator/handlers/argument-types.ts";

const asm = "mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089";
const list = (of: string): string => `System.Collections.Generic.List\`1[[${of}, ${asm}]], ${asm}`;
const map = (of: string): string =>
  `System.Collections.Generic.Dictionary\`2[[System.String, ${asm}],[${of}, ${asm}]], ${asm}`;

describe("an argument of a start", () => {
  it.each<[string, unknown, boolean]>([
    [`System.Int32, ${asm}`, 2_147_483_647, true],
    [`System.Int32, ${asm}`, 2_147_483_648, false],
    [`System.Int32, ${asm}`, 1.5, false],
    [`System.Int32, ${asm}`, null, true],
    [`System.Byte, ${asm}`, -1, false],
    [`System.Int64, ${asm}`, JSON.rawJSON("9007199254740993"), true],
    [`System.Int32, ${asm}`, JSON.rawJSON("9007199254740993"), false],
    [`System.Double, ${asm}`, 1.5, true],
    [`System.Double, ${asm}`, "1.5", false],
    [`System.DateTime, ${asm}`, "2026-12-01T08:00:00Z", true],
    [`System.DateTime, ${asm}`, "1 December 2026", true],
    [`System.DateTime, ${asm}`, "2026-02-30", false],
    [`System.DateTime, ${asm}`, 7, false],
    [`System.String[], ${asm}`, ["a", null], true],
    [`System.String[], ${asm}`, ["a", 1], false],
    [`System.String[], ${asm}`, "a", false],
    [list("System.Int32"), [1], true],
    [list("System.Int32"), ["1"], false],
    [map("System.Boolean"), { a: true }, true],
    [map("System.Boolean"), { a: 1 }, false],
    [map("System.Boolean"), [true], false],
    [`System.Nullable\`1[[System.Int32, ${asm}]], ${asm}`, "x", false],
    [`System.Data.DataTable, System.Data`, { anything: 1 }, true],
    [`System.Object, ${asm}`, [1], true],
  ])("of type %s may be %j: %s", (type, value, expected) => {
    expect(fitsType(value, type)).toBe(expected);
  });

  it("has a type whose name is told without assemblies", () => {
    expect(shortType(map("System.Int32[]"))).toBe(
      "System.Collections.Generic.Dictionary`2[System.String,System.Int32[]]",
    );
    expect(shortType("System.Int32")).toBe("System.Int32");
  });
});
