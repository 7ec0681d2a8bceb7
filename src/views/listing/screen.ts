import { shortInstant } from "../../core/instant.ts";
import type { JsonPrimitive } from "../../core/json.ts";
import type { Listing } from "../../core/listing.ts";
import { textWidth } from "../../core/text-width.ts";
import { gridLines, leastWords } from "../human/grid.ts";
import { screen, widthOf, type Line } from "../human/lines.ts";
import { amount, count, sentence } from "../human/words.ts";
import type { ViewOptions } from "../style.ts";
import type { Column, ListKind } from "./columns.ts";

/** Rows in a table; columns that say nothing here are left out, and words lose their end where the screen is narrow. */
export function listView<Row>(kind: ListKind<Row>, { rows, total, more }: Listing<Row>, options: ViewOptions): string {
  if (rows.length === 0) return screen([{ text: `no ${kind.many}` }], options);
  const columns = fitting(
    kind.columns.filter((column) => isTelling(column, rows)),
    rows,
    widthOf(options),
  );
  const cells = rows.map((row) => ({ cells: columns.map(({ of }) => cell(of(row))) }));
  const header = columns.map(({ title = "" }) => title);
  const whole = new Set(columns.flatMap((column, index) => (column.whole === true ? [index] : [])));
  const lines = gridLines(header, cells, { ...options, words: columns.length, whole });
  return screen([...lines, "", tail(kind, rows.length, total, more)], options);
}

function tail<Row>({ one, many }: ListKind<Row>, shown: number, total: number | undefined, more: boolean): Line {
  if (!more) return { text: `${count(shown, one, many)}.`, tone: "quiet" };
  const of =
    total === undefined ? `The newest ${count(shown, one, many)}` : `${amount(shown)} of ${count(total, one, many)}`;
  return { text: `${of}, the newest first; --limit N shows more.`, tone: "quiet" };
}

/** Without the columns that there is no room for. */
function fitting<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): readonly Column<Row>[] {
  const least = columns.map(({ title = "", whole, of }) => {
    const natural = rows.reduce((most, row) => Math.max(most, textWidth(cell(of(row)))), textWidth(title));
    return whole === true ? natural : Math.min(natural, leastWords);
  });
  const needed = least.reduce((sum, each) => sum + each + 2, -2);
  const first = columns.reduce<Column<Row> | undefined>(
    (found, column) => ((column.goes ?? 0) > (found?.goes ?? 0) ? column : found),
    undefined,
  );
  return needed <= width || first === undefined
    ? columns
    : fitting(
        columns.filter((column) => column !== first),
        rows,
        width,
      );
}

function isTelling<Row>({ title, of, usual = [], differing }: Column<Row>, rows: readonly Row[]): boolean {
  if (title === undefined) return false;
  const values = new Set(rows.map(of));
  if (differing === true) return values.size > 1;
  return [...values].some((value) => value !== null && value !== "" && !usual.includes(value));
}

function cell(value: JsonPrimitive): string {
  if (value === null) return "";
  const text = String(value);
  return sentence(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? shortInstant(text) : text);
}
