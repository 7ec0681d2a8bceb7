import { isRecord } from "../../core/json.ts";
import type { Listing } from "../../core/listing.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isQueryRefused } from "../http/errors.ts";
import { and, int, lt, type Filter } from "../odata/filter.ts";
import { queryString } from "../odata/query.ts";
import { sameAgain } from "./pages.ts";
import { rowsOf, type Row } from "./row.ts";

/** Something that rows must be. */
export interface Condition<T> {
  /** What the server is asked. Left out: it cannot be asked, and every row is looked at here. */
  readonly filter?: Filter;
  /** False: no source shows that every server takes the filter; one that refuses it is asked without. @default true */
  readonly proven?: boolean;
  /** Rows are always matched again: a server that ignores a filter answers with all of them. */
  readonly matches: (row: T) => boolean;
}

export interface NewestOptions<T> {
  readonly path: string;
  readonly folder: number;
  readonly conditions: readonly Condition<T>[];
  readonly expand: string;
  /** Rows that the server gives at once, at most. */
  readonly size: number;
  /** Rows that are wanted. */
  readonly limit: number;
  readonly read: (row: Row) => T;
  readonly signal: AbortSignal;
}

/**
 * The newest rows first, as many as are wanted and no page more: every page is a call of the tenant's quota. Pages
 * follow each other by `Id lt LAST`, so that rows which come or end meanwhile move nothing.
 */
export async function readNewest<T>(client: OrchestratorClient, options: NewestOptions<T>): Promise<Listing<T>> {
  const { conditions } = options;
  const asked = conditions.filter(({ filter }) => filter !== undefined);
  try {
    return await readPages(client, options, asked);
  } catch (error) {
    const proven = asked.filter((condition) => condition.proven !== false);
    if (!isQueryRefused(error) || proven.length === asked.length) throw error;
    return readPages(client, options, proven);
  }
}

async function readPages<T>(
  client: OrchestratorClient,
  { path, folder, conditions, expand, size, limit, read, signal }: NewestOptions<T>,
  asked: readonly Condition<T>[],
): Promise<Listing<T>> {
  const filters = asked.flatMap(({ filter }) => filter ?? []);
  const exact = asked.length === conditions.length;
  const found: T[] = [];
  let total: number | undefined;
  let seen = 0;
  for (let last: number | undefined; ;) {
    const behind = last === undefined ? filters : [...filters, lt("Id", int(last))];
    const query = queryString({
      ...(behind.length === 0 ? {} : { filter: and(...behind) }),
      orderBy: "Id desc",
      top: exact ? Math.min(size, limit - found.length) : size,
      expand,
      ...(last === undefined ? { count: true } : {}),
    });
    const body = await client.get(path, { query, folder, signal });
    const rows = rowsOf(body);
    const before = last;
    const fresh = [...new Map(rows.map((row) => [row.Id, row])).values()].filter(
      ({ Id }) => before === undefined || Id < before,
    );
    if (fresh.length === 0 && rows.length > 0) throw sameAgain(path);
    total ??= countOf(body);
    seen += fresh.length;
    for (const row of fresh) {
      const value = read(row);
      if (conditions.every(({ matches }) => matches(value))) found.push(value);
    }
    const ended = fresh.length === 0 || (total !== undefined && seen >= total);
    if (ended) return { rows: found.slice(0, limit), total: found.length, more: found.length > limit };
    if (found.length >= limit) return enough(found.slice(0, limit), exact ? total : undefined);
    last = fresh.reduce((lowest, { Id }) => Math.min(lowest, Id), Number.MAX_SAFE_INTEGER);
  }
}

function enough<T>(rows: readonly T[], total: number | undefined): Listing<T> {
  return total === undefined ? { rows, more: true } : { rows, total, more: total > rows.length };
}

function countOf(body: unknown): number | undefined {
  const count = isRecord(body) ? body["@odata.count"] : undefined;
  return typeof count === "number" ? count : undefined;
}
