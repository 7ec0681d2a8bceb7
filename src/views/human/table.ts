import { padColumns, textWidth } from "../../core/text-width.ts";
import type { ViewOptions } from "../style.ts";
import { widthOf, type Line } from "./lines.ts";

/** Less room than this for the last column, and it goes below the others. */
const leastRoom = 30;
const gap = "  ";

/** Rows whose last cell is as long as it likes: it is wrapped beside the others, or below them where it is narrow. */
export function tableLines(
  rows: readonly (readonly string[])[],
  options: ViewOptions,
  header?: readonly string[],
): Line[] {
  const all = header === undefined ? rows : [header, ...rows];
  const columns = Math.max(0, ...all.map((row) => row.length - 1));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...all.map((row) => textWidth(row[column] ?? ""))),
  );
  const hang = " ".repeat(widths.reduce((sum, width) => sum + gap.length + width, 0) + gap.length);
  const beside = widthOf(options) - hang.length >= leastRoom;
  return all.flatMap((row) => {
    const cells = widths.map((width, column) => padColumns(row[column] ?? "", width));
    const head = cells.map((cell) => gap + cell).join("");
    const last = row[columns] ?? "";
    if (beside) return [{ text: `${head}${gap}${last}`, hang }];
    // Below the others its heading would head nothing.
    const below = row === header || last === "" ? [] : [`${gap}${gap}${last}`];
    return [head, ...below].map((text) => ({ text, hang: gap + gap }));
  });
}
