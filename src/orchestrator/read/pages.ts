import { ApiError } from "../../core/errors.ts";
import { isRecord } from "../../core/json.ts";
import { and, gt, int, type Filter } from "../odata/filter.ts";
import { queryString } from "../odata/query.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { rowsOf, type Row } from "./row.ts";

/** What to list. */
export interface Listing {
  readonly path: string;
  readonly folder?: number;
  readonly filter?: Filter;
  readonly expand?: string;
  /** Rows to ask for at once. */
  readonly size: number;
  /** Rows that there can be at most: once they are here, no other page is asked for. */
  readonly atMost?: number;
  /** A page with fewer rows is the last. Left out: only what the collection itself has shown tells. */
  readonly surelyShort?: number;
  readonly signal: AbortSignal;
}

/** A list of names. No version cuts a page at less than 100 rows, and a miss is seen by a person before any write. */
export function nameListing(path: string, signal: AbortSignal, folder?: number): Listing {
  return { path, size: 1000, surelyShort: 100, signal, ...(folder === undefined ? {} : { folder }) };
}

/**
 * Reads lists page by page. Pages follow each other by `Id gt LAST`: rows that robots add or finish meanwhile move
 * nothing, unlike with `$skip`. A short page is no last page, servers cut them; `@odata.count` ends a list where it is
 * there and reached, and is not asked for: newer servers leave it out, older ones count rows that they do not return
 * (field reports).
 */
export class Pager {
  readonly #client: OrchestratorClient;

  constructor(client: OrchestratorClient) {
    this.#client = client;
  }

  async all(listing: Listing): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const page of this.pages(listing)) rows.push(...page);
    return rows;
  }

  /** Each row once, by Id. Ends with an empty page, or one that is the last for sure. */
  async *pages(listing: Listing): AsyncGenerator<Row[], void, undefined> {
    const seen = new Set<number>();
    let last: number | undefined;
    for (let before = 0; ;) {
      const { rows, count } = await this.#page(listing, last);
      const fresh: Row[] = [];
      for (const row of rows) {
        if (!seen.has(row.Id)) fresh.push(row);
        seen.add(row.Id);
      }
      if (fresh.length === 0 && rows.length > 0 && before >= listing.size) throw sameAgain(listing.path);
      if (fresh.length === 0) return;
      last = Math.max(...fresh.map((row) => row.Id), last ?? 0);
      before = rows.length;
      yield fresh;
      if (listing.atMost !== undefined && seen.size >= listing.atMost) return;
      if (rows.length < (listing.surelyShort ?? 0)) return;
      if (count !== undefined && rows.length >= count) return;
    }
  }

  async #page({ path, folder, filter, expand, size, signal }: Listing, last: number | undefined): Promise<Page> {
    const after = last === undefined ? undefined : gt("Id", int(last));
    const conditions = [filter, after].filter((condition) => condition !== undefined);
    const query = queryString({
      ...(conditions.length === 0 ? {} : { filter: and(...conditions) }),
      orderBy: "Id asc",
      top: size,
      ...(expand === undefined ? {} : { expand }),
    });
    const body = await this.#client.get(path, { query, signal, ...(folder === undefined ? {} : { folder }) });
    const count = isRecord(body) ? body["@odata.count"] : undefined;
    return { rows: rowsOf(body), count: typeof count === "number" ? count : undefined };
  }
}

interface Page {
  readonly rows: Row[];
  /** Rows under the filter, this page's and later ones', where the server tells. */
  readonly count: number | undefined;
}

/** A full page that comes again hides the rows behind it: what is not seen would be added or started once more. */
function sameAgain(path: string): ApiError {
  const message = "the server gives the same page again: it does not filter by Id";
  return new ApiError(`GET ${path}: ${message}`, { kind: "content", call: `GET ${path}`, message });
}
