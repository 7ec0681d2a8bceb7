import { shortInstant } from "../../core/instant.ts";
import type { JsonValue } from "../../core/json.ts";
import { cleanLine, shorten } from "../../core/text.ts";

/** Stands for a value that no view shows. */
export const sensitiveMark = "(sensitive)";

const longestValue = 120;

/** A value within a line: `High`, `33`, `2026-12-05 17:00Z`, `none`, `{"a":1}`. */
export function valueText(value: JsonValue | undefined): string {
  if (value === undefined) return "none";
  return shorten(cleanLine(typeof value === "string" ? bare(value) : JSON.stringify(value)), longestValue);
}

/** Strings lose their quotes where nobody can take them for anything else. */
function bare(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.0+)?Z$/.test(text)) return shortInstant(text);
  return needsQuotes(text) ? JSON.stringify(text) : text;
}

/** True for the empty text, for blanks at an end, and for what reads as a number, a word of JSON, our mark, or `${…}`. */
export function needsQuotes(text: string): boolean {
  if (text.trim() !== text || text.includes("${")) return true;
  return /^(?:|null|true|false|\(sensitive\)|["[{].*|[+-]?\d[\d.eE+-]*)$/s.test(text);
}

/** Two long texts from where they begin to differ: their common beginning says nothing. */
export function fromFirstDifference(before: string, after: string): readonly [string, string] {
  if (before.length <= longestValue && after.length <= longestValue) return [before, after];
  const lead = 16;
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same++;
  if (same <= lead * 2) return [before, after];
  return [`…${before.slice(same - lead)}`, `…${after.slice(same - lead)}`];
}
