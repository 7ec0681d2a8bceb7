import type { JsonObject } from "../../core/json.ts";
import type { Listing } from "../../core/listing.ts";
import { object } from "../json/parts.ts";
import { jsonLine } from "../json/text.ts";
import type { ListKind } from "./columns.ts";

/** The list as its schema in schemas/ describes it. */
export function listJson<Row>(kind: ListKind<Row>, { rows, total, more }: Listing<Row>): JsonObject {
  return object({ format: kind.format, total, more, [kind.member]: rows.map((row) => rowJson(kind, row)) });
}

/** A row a line. */
export function listNdjson<Row>(kind: ListKind<Row>, rows: readonly Row[]): string {
  return rows.map((row) => jsonLine(rowJson(kind, row))).join("");
}

function rowJson<Row>({ columns }: ListKind<Row>, row: Row): JsonObject {
  return Object.fromEntries(columns.map(({ name, of }) => [name, of(row)]));
}
