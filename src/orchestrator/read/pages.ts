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
  /**
   * Asks for the number of rows: with each page, where it saves the empty page behind the last one, or with the first
   * alone, because counting many rows is work for the server. Left out: not asked for, and believed where it comes.
   */
  readonly counted?: "each" | "first";
  /** Across folders: only rows of those where the account has this permission, too. */
  readonly mandatoryPermissions?: string;
  /** Is told of every call. */
  readonly onCall?: () => void;
  readonly signal: AbortSignal;
}

/** A list of names. No version cuts a page at less than 100 rows, and a miss is seen by a person before any write. */
export function nameListing(path: string, signal: AbortSignal, folder?: number): Listing {
  return { path, size: 1000, surelyShort: 100, signal, ...(folder === undefined ? {} : { folder }) };
}

/**
 * Reads lists page by page. Pages follow each other by `Id gt LAST`: rows that robots add or finish meanwhile move
 * nothing, unlike with `$skip`. A short page is no last page, servers cut them: a list ends with an empty page, or when
 * `@odata.count` says that all its rows are here and this page had room for more. A page without room is followed by
 * another one whatever the count says: a row that was added while the list was read may have pushed one off its end.
 */
export class Pager {
  readonly #client: OrchestratorClient;

  constructor(client: OrchestratorClient) {
    this.#client = client;
  }

  async all(listing: Listing): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const page of this.pages(listing)) rows.push(...page.rows);
    return rows;
  }

  /** The first page; `isLast` when it is surely all. */
  async first(listing: Listing): Promise<Page & { readonly isLast: boolean }> {
    const { rows, count } = await this.#page(listing, undefined);
    const isLast = rows.length === 0 || (count !== undefined && rows.length >= count && rows.length < listing.size);
    return { rows, count, isLast };
  }

  /** Each row once, by Id. Ends with an empty page, which is not given, or one that is the last for sure. */
  async *pages(listing: Listing): AsyncGenerator<Page, void, undefined> {
    let last: number | undefined;
    let total = 0;
    let left: number | undefined;
    let longest = 0;
    for (let before = 0; ;) {
      const { rows, count } = await this.#page(listing, last);
      const fresh = behind(rows, last);
      if (fresh.length === 0 && rows.length > 0 && before >= listing.size) throw sameAgain(listing.path);
      if (fresh.length === 0) return;
      last = fresh.reduce((highest, { Id }) => Math.max(highest, Id), last ?? 0);
      before = rows.length;
      total += fresh.length;
      left = count === undefined ? left && left - rows.length : count - rows.length;
      const room = count === undefined ? longest : listing.size;
      longest = Math.max(longest, rows.length);
      yield { rows: fresh, count };
      if (listing.atMost !== undefined && total >= listing.atMost) return;
      if (rows.length < (listing.surelyShort ?? 0)) return;
      if (left !== undefined && left <= 0 && rows.length < room) return;
    }
  }

  async #page(listing: Listing, last: number | undefined): Promise<Page> {
    const { path, folder, filter, expand, size, counted, mandatoryPermissions, signal } = listing;
    const after = last === undefined ? undefined : gt("Id", int(last));
    const conditions = [filter, after].filter((condition) => condition !== undefined);
    const query = queryString({
      ...(conditions.length === 0 ? {} : { filter: and(...conditions) }),
      orderBy: "Id asc",
      top: size,
      ...(expand === undefined ? {} : { expand }),
      ...(counted === "each" || (counted === "first" && last === undefined) ? { count: true } : {}),
      mandatoryPermissions,
    });
    listing.onCall?.();
    const body = await this.#client.get(path, { query, signal, ...(folder === undefined ? {} : { folder }) });
    const count = isRecord(body) ? body["@odata.count"] : undefined;
    return { rows: rowsOf(body), count: typeof count === "number" ? count : undefined };
  }
}

export interface Page {
  readonly rows: readonly Row[];
  /** Rows under the filter, this page's and later ones', where the server tells. */
  readonly count: number | undefined;
}

/** The rows of an answer that are not known yet, each once. */
function behind(rows: readonly Row[], last: number | undefined): Row[] {
  const fresh = new Map<number, Row>();
  for (const row of rows) if (last === undefined || row.Id > last) fresh.set(row.Id, row);
  return [...fresh.values()];
}

/** A full page that comes again hides the rows behind it: what is not seen would be added or started once more. */
export function sameAgain(path: string): ApiError {
  const message = "the server gives the same page again: it does not filter by Id";
  return new ApiError(`GET ${path}: ${message}`, { kind: "content", call: `GET ${path}`, message });
}
