import { padColumns, textWidth } from "../../core/text-width.ts";
import type { ViewOptions } from "../style.ts";
import { widthOf, type Line } from "./lines.ts";

/** Less room than this for the last column, and it goes below the others. */
const leastRoom = 30;
const gap = "  ";

/** Rows whose last cell is as long as it likes: it is wrapped beside the others, or below them where it is narrow. */
export function tableLines(rows: readonly (readonly string[])[], options: ViewOptions): Line[] {
  const columns = Math.max(0, ...rows.map((row) => row.length - 1));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => textWidth(row[column] ?? ""))),
  );
  return rows.flatMap((row) => {
    const cells = widths.map((width, column) => padColumns(row[column] ?? "", width)).filter((cell) => cell !== "");
    const head = `${gap}${cells.join(gap)}`;
    const last = row[columns] ?? "";
    const hang = " ".repeat(textWidth(head) + gap.length);
    if (widthOf(options) - hang.length >= leastRoom) return [{ text: `${head}${gap}${last}`, hang }];
    return [head, ...(last === "" ? [] : [{ text: `${gap}${gap}${last}`, hang: gap + gap }])];
  });
}
