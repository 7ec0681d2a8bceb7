import { structuredPatch } from "diff/lib/patch/create.js";
import type { JsonValue } from "../../core/json.ts";
import { cleanLine, shorten } from "../../core/text.ts";
import type { Tone } from "../style.ts";
import { separated, type Line } from "./lines.ts";
import { fromFirstDifference, needsQuotes } from "./value.ts";
import { count } from "./words.ts";

/** Comparing costs lines times differences: beyond this nobody reads the result either. */
const mostLines = 2000;
const mostEdits = 400;

/** One changed value as the lines of a unified diff, each cut at `longest`; a side that is missing has no lines. */
export function unifiedLines(before: JsonValue | undefined, after: JsonValue | undefined, longest: number): Line[] {
  return signedLines(before, after).map(([sign, line]) => ({
    text: `${sign}  ${shorten(cleanLine(line), longest)}`,
    tone: signTones[sign],
    hang: "   ",
  }));
}

type Sign = "-" | "+" | " " | "…";
/** `…` stands where lines are left out, with what there is to say about them. */
export type SignedLine = readonly [Sign, string];

const signTones: Readonly<Record<Sign, Tone>> = { "-": "bad", "+": "good", " ": "quiet", "…": "quiet" };

/** The same lines as they are: foreign text. */
export function signedLines(before: JsonValue | undefined, after: JsonValue | undefined): SignedLine[] {
  return compare(valueLines(before), valueLines(after));
}

function compare(was: readonly string[], is: readonly string[]): SignedLine[] {
  if (was.length <= 1 && is.length <= 1) {
    const [before, after] = fromFirstDifference(was[0] ?? "", is[0] ?? "");
    return [...was.map((): SignedLine => ["-", before]), ...is.map((): SignedLine => ["+", after])];
  }
  const patch =
    was.length + is.length > mostLines
      ? undefined
      : structuredPatch("", "", joined(was), joined(is), "", "", { context: 2, maxEditLength: mostEdits });
  if (patch === undefined) {
    return [["…", `${count(was.length, "line")} → ${count(is.length, "line")}, too many to compare`]];
  }
  const hunks = patch.hunks.map((hunk) =>
    hunk.lines.map((line): SignedLine => [line.slice(0, 1) as Sign, line.slice(1)]),
  );
  return separated(hunks, ["…", ""]);
}

/** Texts by their line breaks, objects and lists as JSON with a member a line. */
function valueLines(value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value !== "string") return JSON.stringify(value, null, 2).split("\n");
  return value.includes("\n") ? value.split("\n") : [needsQuotes(value) ? JSON.stringify(value) : value];
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
