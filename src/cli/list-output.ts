import type { Listing } from "../core/listing.ts";
import { jsonText } from "../views/json/text.ts";
import type { ListKind } from "../views/listing/columns.ts";
import { listCsv } from "../views/listing/csv.ts";
import { listJson, listNdjson } from "../views/listing/json.ts";
import { listView } from "../views/listing/screen.ts";
import type { Io } from "./io.ts";
import type { LookOptions } from "./options.ts";
import { styleOf } from "./screen.ts";

/** What every command takes that lists. */
export interface ListOptions extends LookOptions {
  readonly output: "human" | "json" | "ndjson" | "csv";
  readonly csvSafe?: boolean;
}

/** Writes a list to stdout. */
export function writeList<Row>(kind: ListKind<Row>, listing: Listing<Row>, options: ListOptions, io: Io): void {
  io.stdout.write(textOf(kind, listing, options, io));
}

function textOf<Row>(kind: ListKind<Row>, listing: Listing<Row>, options: ListOptions, io: Io): string {
  switch (options.output) {
    case "json":
      return jsonText(listJson(kind, listing));
    case "ndjson":
      return listNdjson(kind, listing.rows);
    case "csv":
      return listCsv(kind, listing.rows, { safe: options.csvSafe ?? false });
    case "human":
      return listView(kind, listing, styleOf(io.stdout, io, options));
  }
}
