import type { SourceSpan } from "../../core/source.ts";

/** The text of a row, and where it begins in its file. */
export interface RowText {
  readonly file: string;
  readonly line: number;
  /** More than 1 where rows stand behind each other in one line. */
  readonly column: number;
  readonly text: string;
  /** What stands before the row in its line; left out where that is not known, and then nothing of that line is shown. */
  readonly before?: string;
}

/** Nobody looks for a caret in a longer line. */
const longestExcerpt = 10_000;

/** Where a part of a row stands in its file: lines end with LF, CRLF or CR, as editors see them. */
export function spanIn(row: RowText, from: number, to: number, excerpt: boolean): SourceSpan {
  let [line, start] = [row.line, 0];
  for (const { 0: end, index } of row.text.matchAll(/\r\n|\n|\r/g)) {
    if (index + end.length > from) break;
    line++;
    start = index + end.length;
  }
  const isFirst = start === 0 && line === row.line;
  const column = from - start + (isFirst ? row.column : 1);
  const before = isFirst ? row.before : "";
  const rest = restOfLine(row.text, start);
  const length = Math.max(1, Math.min(to - from, start + rest.length - from));
  const shown = excerpt && before !== undefined && before.length + rest.length <= longestExcerpt;
  return { file: row.file, line, column, length, ...(shown ? { text: before + rest } : {}) };
}

function restOfLine(text: string, start: number): string {
  const end = text.slice(start).search(/[\r\n]/);
  return end < 0 ? text.slice(start) : text.slice(start, start + end);
}
