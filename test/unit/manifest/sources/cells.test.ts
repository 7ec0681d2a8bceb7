import { describe, expect, it } from "vitest";
import { readCell, readPriority, type ColumnType } from "../../../../src/manifest/sources/cells.ts";
import { DateReader } from "../../../../src/manifest/sources/dates.ts";
import { Zone } from "../../../../src/manifest/sources/zone.ts";

const dates = new DateReader(Zone.named("UTC"));

describe("values", () => {
  it.each<[ColumnType, string, unknown]>([
    ["text", "", ""],
    ["text", " 007 ", " 007 "],
    ["number", "12.50", 12.5],
    ["number", "-1e3", -1000],
    ["number", "-0", 0],
    ["number", "1234567890.12345", 1234567890.12345],
    ["number", "", null],
    ["integer", "9007199254740992", 9007199254740992],
    ["integer", "", null],
    ["boolean", "TRUE", true],
    ["boolean", "false", false],
    ["boolean", "", null],
    ["date", "2026-01-01", "2026-01-01T00:00:00Z"],
    ["date", "", null],
  ])("%s %j is %j", (type, text, value) => {
    expect(readCell(type, text, dates)).toBe(value);
  });

  it.each<[ColumnType, string, string]>([
    ["number", "007", "QI016"],
    ["number", "+1", "QI016"],
    ["number", ".5", "QI016"],
    ["number", "1,5", "QI016"],
    ["number", " 1", "QI016"],
    ["number", "NaN", "QI016"],
    ["number", "0x10", "QI016"],
    ["number", "0.1234567890123456789", "QI017"],
    ["number", "1e999", "QI017"],
    ["integer", "1.0", "QI016"],
    ["integer", "1e3", "QI016"],
    ["integer", "9007199254740993", "QI017"],
    ["boolean", "yes", "QI016"],
    ["boolean", "1", "QI016"],
  ])("%s %j is refused: %s", (type, text, code) => {
    expect(readCell(type, text, dates)).toMatchObject({ code, found: text });
  });
});

describe("priorities", () => {
  it.each([
    ["HIGH", "High"],
    ["normal", "Normal"],
    ["Low", "Low"],
    ["3", "High"],
    ["2", "Normal"],
    ["1", "Low"],
  ])("%s is %s", (text, priority) => {
    expect(readPriority(text)).toBe(priority);
  });

  it.each(["0", "4", "urgent", "high ", "constructor", "__proto__"])("%s is none", (text) => {
    expect(readPriority(text)).toMatchObject({ code: "QI016" });
  });
});
