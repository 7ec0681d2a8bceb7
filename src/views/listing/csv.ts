import { stringify } from "csv-stringify/sync";
import { cleanLine } from "../../core/text.ts";
import type { ListKind } from "./columns.ts";

/**
 * Rows as RFC 4180 has them, with a header. Each cell is one clean line: what cannot be seen is spelled out, and -o json
 * has the exact values. `safe` puts a quote before what a spreadsheet would run as a formula.
 */
export function listCsv<Row>(
  { columns }: ListKind<Row>,
  rows: readonly Row[],
  { safe }: { readonly safe: boolean },
): string {
  const cells = rows.map((row) =>
    columns.map(({ of }) => {
      const value = of(row);
      return typeof value === "string" ? cleanLine(value) : value;
    }),
  );
  return stringify([columns.map(({ name }) => name), ...cells], { escape_formulas: safe, quoted_match: /^\s|\s$/ });
}
