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
 * nothing, unlike with `$skip`. `@odata.count` is not asked: newer servers leave it out, older ones count rows that
 * they do not return (field reports).
 */
export class Pager {
  readonly #client: OrchestratorClient;
  /** The longest page that each collection has given: no server is known to cut at less than it once gave. */
  readonly #longest = new Map<string, number>();

  constructor(client: OrchestratorClient) {
    this.#client = client;
  }

  async all(listing: Listing): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const page of this.pages(listing)) rows.push(...page);
    return rows;
  }

  /** Each row once, by Id. Ends with an empty page, one that brings nothing new, or one that is the last for sure. */
  async *pages(listing: Listing): AsyncGenerator<Row[], void, undefined> {
    const seen = new Set<number>();
    let last: number | undefined;
    for (;;) {
      const rows = await this.#page(listing, last);
      const fresh: Row[] = [];
      for (const row of rows) {
        if (!seen.has(row.Id)) fresh.push(row);
        seen.add(row.Id);
      }
      if (fresh.length === 0) return;
      last = Math.max(...fresh.map((row) => row.Id), last ?? 0);
      const shown = this.#longest.get(listing.path) ?? 0;
      this.#longest.set(listing.path, Math.max(shown, rows.length));
      yield fresh;
      if (listing.atMost !== undefined && seen.size >= listing.atMost) return;
      if (rows.length < Math.min(listing.size, Math.max(shown, listing.surelyShort ?? 0))) return;
    }
  }

  async #page({ path, folder, filter, expand, size, signal }: Listing, last: number | undefined): Promise<Row[]> {
    const after = last === undefined ? undefined : gt("Id", int(last));
    const conditions = [filter, after].filter((condition) => condition !== undefined);
    const query = queryString({
      ...(conditions.length === 0 ? {} : { filter: and(...conditions) }),
      orderBy: "Id asc",
      top: size,
      ...(expand === undefined ? {} : { expand }),
    });
    return rowsOf(await this.#client.get(path, { query, signal, ...(folder === undefined ? {} : { folder }) }));
  }
}
