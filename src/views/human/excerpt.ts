import { cleanLine, escapeInvisible } from "../../core/text.ts";
import { fitColumns, textWidth } from "../../core/text-width.ts";
import type { SourceSpan } from "../../core/source.ts";
import { painter, type ViewOptions } from "../style.ts";
import { widthOf, type Line } from "./lines.ts";

/** A caret far to the right of a log's line is found by nobody. */
const widest = 160;

/** The line of a problem, and below it a caret at the place with the remark beside it, or under it for want of room. */
export function excerpt(source: SourceSpan, line: string, remark: string | undefined, options: ViewOptions): Line[] {
  const paint = painter(options.color);
  const number = `  ${source.line} │ `;
  const below = `${" ".repeat(number.length - 2)}│ `;
  const room = Math.min(widthOf(options), widest) - number.length;
  const { text, start, length } = windowAround(line, source, room);
  const blanks = " ".repeat(start);
  const carets = `${paint("quiet", below)}${blanks}${paint("bad", "^".repeat(length))}`;
  if (remark === undefined) return [paint("quiet", number) + text, carets];
  const fits = start + length + 1 + textWidth(remark) <= room;
  return [
    paint("quiet", number) + text,
    fits ? `${carets} ${remark}` : carets,
    ...(fits ? [] : [{ text: `  ${remark}`, hang: "  " }]),
  ];
}

/** A part of a line, and where in it the underlined part begins and how wide it is, in terminal columns. */
interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly length: number;
}

/** As much of a line as fits, with the place in it; what is cut off leaves `…`. */
function windowAround(line: string, { column, length = 1 }: SourceSpan, width: number): Excerpt {
  const at = Math.min(column - 1, line.length);
  // No more than a terminal can hold is ever looked at: a line may be a megabyte of JSON.
  const before = shown(line.slice(Math.max(0, at - width), at));
  const marked = shown(line.slice(at, at + Math.min(length, width)));
  const rest = marked + shown(line.slice(at + length, at + length + width));
  const room = width - Math.min(textWidth(rest), Math.floor(width / 2));
  const left = at <= width && textWidth(before) <= room ? before : `…${lastColumns(before, room - 1)}`;
  const start = textWidth(left);
  const underlined = Math.min(textWidth(marked), width - start);
  return { text: cleanLine(left + fitColumns(rest, width - start)), start, length: Math.max(1, underlined) };
}

/** Tabs become two blanks, so that carets stand right whatever the terminal's tab stops are. */
function shown(text: string): string {
  return escapeInvisible(text.replaceAll("\t", "  "));
}

function lastColumns(text: string, columns: number): string {
  const points = Array.from(text);
  let width = 0;
  let first = points.length;
  while (first > 0) {
    width += textWidth(points[first - 1] ?? "");
    if (width > columns) break;
    first--;
  }
  return points.slice(first).join("");
}
