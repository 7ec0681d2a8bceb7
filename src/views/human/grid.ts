import { fitColumns, padColumns, textWidth } from "../../core/text-width.ts";
import type { Tone, ViewOptions } from "../style.ts";
import { widthOf, type Line } from "./lines.ts";

const gap = "  ";
/** No column of words is cut to less than this. */
export const leastWords = 8;

interface GridOptions extends ViewOptions {
  /** How many columns at the left are words: cut where the screen is narrow. The others are numbers, never cut. */
  readonly words: number;
  /** Words among them that are of no use when they are cut: an id, a time. */
  readonly whole?: ReadonlySet<number>;
}

interface GridRow {
  readonly cells: readonly string[];
  readonly tone?: Tone;
}

/**
 * A row a line, below a header: words to the left, numbers to the right. Where the screen is too narrow for all of it
 * the widest words lose their end, never a number.
 */
export function gridLines(header: readonly string[], rows: readonly GridRow[], options: GridOptions): Line[] {
  const all = [header, ...rows.map(({ cells }) => cells)];
  const natural = header.map((_, column) => Math.max(0, ...all.map((cells) => textWidth(cells[column] ?? ""))));
  const isCut = (column: number): boolean => column < options.words && options.whole?.has(column) !== true;
  const widths = narrowed(natural, isCut, widthOf(options) - gap.length * (header.length - 1));
  const draw = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const text = fitColumns(cells[column] ?? "", width);
        return column < options.words ? padColumns(text, width) : " ".repeat(width - textWidth(text)) + text;
      })
      .join(gap)
      .trimEnd();
  return [
    { text: draw(header), tone: "strong" },
    ...rows.map(({ cells, tone }): Line => (tone === undefined ? { text: draw(cells) } : { text: draw(cells), tone })),
  ];
}

function narrowed(natural: readonly number[], isCut: (column: number) => boolean, room: number): readonly number[] {
  const widths = [...natural];
  for (let over = widths.reduce((sum, width) => sum + width, -room); over > 0; over--) {
    const widest = widths.reduce((best, width, at) => (isCut(at) && width > (widths[best] ?? 0) ? at : best), -1);
    if ((widths[widest] ?? 0) <= leastWords) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
