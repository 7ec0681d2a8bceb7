import { Parser } from "csv-parse";
import { finished } from "node:stream/promises";
import { placesInCsv } from "./csv-places.ts";
import { SourceFault } from "./fault.ts";
import { LineBreaks } from "./line-breaks.ts";
import { longestRow, type SourceFile } from "./source-file.ts";

/** One record of a CSV file. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** Its bytes in the file, line break included. */
  readonly from: number;
  readonly to: number;
  /** The line in which it begins. */
  readonly line: number;
}

/**
 * The records of a CSV file (RFC 4180, any delimiter, any line breaks), as many at a time as a chunk holds; blank lines
 * are passed over.
 * @throws SourceFault where quotes are broken, or a record is too long.
 */
export async function* csvRecords(file: SourceFile, delimiter: string): AsyncGenerator<readonly CsvRecord[]> {
  const reader = new CsvReader(delimiter);
  for await (const { bytes, from } of file.chunks()) {
    const records = await reader.read(bytes, from);
    if (records.length > 0) yield records;
    if (reader.failed) throw faultAt(file, reader, delimiter);
  }
  const last = await reader.end();
  if (last.length > 0) yield last;
  if (reader.failed) throw faultAt(file, reader, delimiter);
}

/** csv-parse, fed by hand: its records are taken as they come, so that none waits in a stream's buffer. */
class CsvReader {
  readonly #parser: Parser;
  readonly #breaks = new LineBreaks();
  #records: CsvRecord[] = [];
  /** Offset of the first byte that the parser saw: it does not know of a byte order mark. */
  #begin: number | undefined;
  #at = 0;
  failed = false;

  constructor(delimiter: string) {
    this.#parser = new Parser({
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true, // judged per row, with a place
      skip_empty_lines: true,
      max_record_size: longestRow,
      on_record: (cells: string[], { bytes }): null => {
        this.#take(cells, (this.#begin ?? 0) + bytes);
        return null;
      },
    });
    this.#parser.on("error", () => (this.failed = true));
  }

  /** Where reading has come to: behind the last whole record. */
  place(): { readonly offset: number; readonly line: number } {
    return this.#breaks.seek(this.#at);
  }

  async read(bytes: Buffer, from: number): Promise<readonly CsvRecord[]> {
    if (this.#begin === undefined) this.#begin = this.#at = from;
    this.#breaks.add(bytes, from);
    await new Promise<void>((resolve) => {
      this.#parser.write(bytes, (error) => {
        this.failed ||= error instanceof Error;
        resolve();
      });
    });
    return this.#taken();
  }

  async end(): Promise<readonly CsvRecord[]> {
    this.#parser.end();
    // Nothing is ever pushed, so the readable side has nothing to end with.
    await finished(this.#parser, { readable: false }).catch(() => (this.failed = true));
    return this.#taken();
  }

  #take(cells: string[], to: number): void {
    const { offset: from, line } = this.#breaks.seek(this.#at);
    this.#records.push({ cells, from, to, line });
    this.#at = to;
  }

  #taken(): readonly CsvRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }
}

/** What stopped the parser, found again in the text, with its place. */
function faultAt(file: SourceFile, reader: CsvReader, delimiter: string): SourceFault {
  const { offset, line } = reader.place();
  const row = { file: file.name, line, column: 1, before: "", text: file.text(offset, offset + longestRow) };
  const { fault } = placesInCsv(row.text, delimiter);
  if (fault === undefined) {
    return new SourceFault("QI022", "the row has more than 5 MB", { row, hint: "look for a quote that is not closed" });
  }
  return new SourceFault("QI019", quoteFaults[fault.type].message, {
    row,
    range: [fault.at, fault.at + 1],
    hint: quoteFaults[fault.type].hint,
  });
}

const quoteFaults = {
  open: {
    message: "the quote that opens here is not closed",
    hint: "close it, or double it if it is part of the text",
  },
  inside: {
    message: "a quote stands inside a cell that is not in quotes",
    hint: 'put the whole cell in quotes, and double each quote in it: "5"" pipe"',
  },
  after: {
    message: "text stands behind the end of a quoted cell",
    hint: 'a quote inside a quoted cell is written twice: "say ""yes"""',
  },
} as const;
