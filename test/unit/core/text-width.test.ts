import { describe, expect, it } from "vitest";
import { fitColumns, padColumns, textWidth, wrapColumns } from "../../../src/core/text-width.ts";

it.each([
  ["", 0],
  ["abc", 3],
  ["日本語", 6],
  ["ＡＢ", 4],
  ["한국", 4],
  ["e\u0301", 1],
  ["🚀", 2],
  ["é → ü", 5],
])("%j takes %i columns", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

it("pads and cuts by columns, not by characters", () => {
  expect(padColumns("日本", 6)).toBe("日本  ");
  expect(fitColumns("日本語", 4)).toBe("日…");
  expect(fitColumns("日本", 4)).toBe("日本");
  expect(fitColumns("abc", 0)).toBe("");
});

describe("wrapColumns", () => {
  it("breaks at blanks and keeps the blanks within a line", () => {
    expect(wrapColumns("  + INV-1   High, due today", 16, "    ")).toEqual(["  + INV-1", "    High, due", "    today"]);
  });

  it("breaks a word that is wider than a line", () => {
    expect(wrapColumns("a abcdefghijklmnop", 10, "  ")).toEqual(["a abcdefgh", "  ijklmnop"]);
  });

  it("breaks a word that the line's own blanks leave no room for", () => {
    expect(wrapColumns("    abcdefghijkl", 14, "")).toEqual(["    abcdefghij", "kl"]);
    expect(wrapColumns(`${" ".repeat(40)}abcdefghijkl`, 14, "  ")).toEqual(["      abcdefgh", "  ijkl"]);
  });

  it("gives one empty line for nothing", () => {
    expect(wrapColumns("", 10, "  ")).toEqual([""]);
  });
});
