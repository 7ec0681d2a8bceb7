/** Cells of a CSV record as offsets into its text, quotes included. */
export interface CsvPlaces {
  readonly cells: readonly { readonly from: number; readonly to: number }[];
  /** The first quote that breaks the rules, after which nothing is certain. */
  readonly fault?: { readonly type: "inside" | "after" | "open"; readonly at: number };
}

/**
 * Finds the cells of the first record of a text. Records are read by csv-parse, which does not tell columns; this looks
 * again at the few that are wrong, by the same rules: RFC 4180, with any line break, and blank lines before it skipped.
 */
export function placesInCsv(text: string, delimiter: string): CsvPlaces {
  const cells: { from: number; to: number }[] = [];
  let from = /^[\r\n]*/.exec(text)?.[0].length ?? 0;
  for (;;) {
    const quoted = text[from] === '"';
    const to = quoted ? closingQuote(text, from) : endOfPlain(text, from, delimiter);
    if (to < 0) return { cells, fault: { type: "open", at: from } };
    const next = text[to];
    if (next !== undefined && next !== delimiter && next !== "\r" && next !== "\n") {
      return { cells, fault: quoted ? { type: "after", at: to } : { type: "inside", at: to } };
    }
    cells.push({ from, to });
    if (next !== delimiter) return { cells };
    from = to + 1;
  }
}

/** The offset behind the quote that closes a cell; -1 where none does. */
function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at + 1;
  }
  return -1;
}

function endOfPlain(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && !'"\r\n'.includes(text[at] ?? "")) at++;
  return at;
}
