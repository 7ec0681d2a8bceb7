import { breakCiCommands } from "../../core/text.ts";
import { wrapColumns } from "../../core/text-width.ts";
import { painter, type Paint, type Tone, type ViewOptions } from "../style.ts";

/** One line before it is broken and coloured: columns are counted on plain text. A string is drawn as it stands. */
export type Line = string | StyledLine;

interface StyledLine {
  readonly text: string;
  readonly tone?: Tone | undefined;
  /** How much of the text takes the tone. Left out: all of it. */
  readonly head?: string;
  /** What the line begins with where it goes on. Left out: two blanks more than the line begins with. */
  readonly hang?: string;
}

/** A blank at which no line is broken. Clean text never holds it: it is a code point of no character. */
const tied = "\uFDD0";

/** Numbers stay with the word that follows: `6 calls`. */
export function figures(text: string): string {
  return text.replace(/(?<=\d) (?=[\p{L}(])/gu, tied);
}

/** What stands between two commas stays together: `already done 1,`. */
export function phrases(text: string): string {
  return text.replace(/(?<=[^ ,.:]) (?=[^ ])/g, tied);
}

/** Columns where the terminal's width is not known: a log. */
const defaultWidth = 100;
/** Narrower than this, breaking lines helps nobody. */
const leastWidth = 40;

export function widthOf({ width }: ViewOptions): number {
  return Math.max(leastWidth, width ?? defaultWidth);
}

/**
 * The text of a screen, with a line feed at its end. Breaking a line can bring any word to the beginning of the next,
 * so what a CI system would take for a command is broken up here once more.
 */
export function screen(lines: readonly Line[], options: ViewOptions): string {
  const paint = painter(options.color);
  const drawn = lines.flatMap((line) =>
    typeof line === "string" ? breakCiCommands(line) : draw(line, widthOf(options), paint),
  );
  return drawn.map((line) => `${line.trimEnd()}\n`).join("");
}

/** All groups that have a line, with `between` in front of each but the first. */
export function separated<T>(groups: readonly (readonly T[])[], between: T): T[] {
  const joined: T[] = [];
  for (const group of groups) {
    if (group.length === 0) continue;
    if (joined.length > 0) joined.push(between);
    for (const member of group) joined.push(member); // a group may be longer than an argument list
  }
  return joined;
}

/** The line moved to the right. */
export function indented(line: Line, indent: string): Line {
  if (typeof line === "string") return line === "" ? "" : indent + line;
  const { text, head, hang } = line;
  return {
    ...line,
    text: indent + text,
    ...(head === undefined ? {} : { head: indent + head }),
    ...(hang === undefined ? {} : { hang: indent + hang }),
  };
}

/** The line before it is broken and coloured. */
export function lineText(line: Line): string {
  return typeof line === "string" ? line : line.text;
}

function draw({ text, tone, head, hang }: StyledLine, width: number, paint: Paint): string[] {
  const broken = wrapColumns(text, width, hang ?? `${/^ */.exec(text)?.[0] ?? ""}  `);
  const [first = "", ...rest] = broken.map((line) => breakCiCommands(line.replaceAll(tied, " ")));
  if (tone === undefined) return [first, ...rest];
  if (head === undefined) return [first, ...rest].map((line) => paint(tone, line));
  // A head that itself had to be broken stays plain: its meaning never was in the colour.
  return [first.startsWith(head) ? paint(tone, head) + first.slice(head.length) : first, ...rest];
}
