import type { Change } from "../../core/change.ts";
import { padColumns } from "../../core/text-width.ts";
import { markOf } from "../style.ts";
import { fieldLines, type FieldOptions } from "./fields.ts";
import { indented, type Line } from "./lines.ts";
import { place, sentence } from "./words.ts";

/** How the entries of one screen are laid out. */
export interface EntryLayout {
  readonly width: number;
  /** The column at which what is said about an entry begins. */
  readonly column: number;
  readonly verbose: boolean;
}

/** One line of a plan with what belongs to it: reason, hint, fields, warnings. */
export function entryLines(change: Change, label: string, indent: string, layout: EntryLayout): Line[] {
  const { symbol, tone } = markOf(change);
  const head = indent + symbol;
  const named = `${head} ${label}`;
  const said = summaryOf(change);
  const text = said === "" ? named : `${padColumns(named, layout.column - 2)}  ${said}`;
  const deeper = `${indent}    `;
  const details: Line[] = [
    ...reasons(change, layout.verbose).map((reason) => ({ text: reason, hang: "" })),
    ...differences(change, { verbose: layout.verbose, room: layout.width - deeper.length }),
    ...(change.warnings ?? []).map((warning) => noted("warning", warning)),
  ];
  return [{ text, tone, head, hang: hangOf(layout, deeper) }, ...details.map((line) => indented(line, deeper))];
}

/** `warning: the tenant spells it INV-1` */
export function noted(word: "warning" | "note", text: string): Line {
  return { text: `${word}: ${sentence(text)}`, head: `${word}:`, tone: "warn" };
}

/** What stands beside the label; a refusal names its place, because that is where the work is. */
export function summaryOf(change: Change): string {
  if (change.action !== "blocked") return sentence(change.summary);
  const where = change.source === undefined ? "" : `   ${place(change.source)}`;
  const also = change.summary === "" ? "" : `${sentence(change.summary)}; `;
  return `${also}blocked: ${sentence(change.reason.text)}${where}`;
}

/** Reasons that every plan line of its kind has: they say nothing that the symbol does not. */
const expected: ReadonlySet<string> = new Set(["missing", "differs", "selected", "first-run"]);

/** Why, where that is not plain from the symbol, and what to do about a refusal. */
export function reasons(change: Change, verbose: boolean): string[] {
  const { action, reason, summary } = change;
  if (action === "blocked") return change.hint === undefined ? [] : [sentence(change.hint)];
  if (reason === undefined || summary.includes(reason.text)) return [];
  if (expected.has(reason.code) && !verbose) return [];
  return [`because ${sentence(reason.text)}`];
}

/** What differs, unless the line itself says it already: the summary of an assignment does. */
export function differences(change: Change, options: FieldOptions): Line[] {
  return saysItself(change, options.verbose) ? [] : fieldLines(change, options);
}

/** True where the line itself tells what differs. */
export function saysItself({ action, summary }: Change, verbose: boolean): boolean {
  return action === "assign" && summary !== "" && !verbose;
}

/** Later lines stand below the summary where that leaves room, else below the label. */
function hangOf({ width, column }: EntryLayout, deeper: string): string {
  return width - column >= 40 ? " ".repeat(column) : deeper;
}

/** The column at which summaries begin: right of most names, and never so far that little fits beside them. */
export function summaryColumn(reaches: readonly number[], width: number): number {
  const most = Math.floor(width * 0.45);
  return reaches.reduce((column, reach) => (reach + 2 <= most ? Math.max(column, reach + 2) : column), 20);
}
