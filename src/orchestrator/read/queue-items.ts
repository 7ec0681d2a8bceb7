import { fold, hasPrefix } from "../../core/fold.ts";
import type { LiveQueueItem } from "../../kinds/queue-items/live.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isNotFound, isQueryRefused } from "../http/errors.ts";
import { and, eq, gt, int, isIn, or, startsWith, str, type Filter } from "../odata/filter.ts";
import { queryString, runs, type Query } from "../odata/query.ts";
import type { Listing, Pager } from "./pages.ts";
import { toQueueItem } from "./queue-item-row.ts";
import { isRow, rowsOf, type Row } from "./row.ts";

const path = "/odata/QueueItems";

/** Ids that one look can name: with queue and last row, an `in` of 86 values is 100 nodes. */
export const itemIdsPerLook = 86;

/** One queue in one folder: a linked queue answers once a folder, so both are always named (API guide). */
export interface QueuePlace {
  readonly folder: number;
  readonly queue: number;
}

/** Ways to look items up by reference, the cheapest first. */
const lookups = ["in", "or", "scan"] as const;

/** Reads rows of `QueueItems`. Filters by nothing but what every server and its strict mode allow. */
export class QueueItemReader {
  readonly #client: OrchestratorClient;
  readonly #pager: Pager;
  readonly #watermarks = new Map<number, Promise<number>>();
  /** What this server takes, learnt once a run: `in` is not proven for old versions. */
  #lookup: (typeof lookups)[number] = "in";

  constructor(client: OrchestratorClient, pager: Pager) {
    this.#client = client;
    this.#pager = pager;
  }

  /** 100 from API 18 on, 1,000 before; more is an error there, errorCode 1009 (OpenAPI 16.0 and 20.0). */
  get pageSize(): number {
    return (this.#client.apiVersion ?? 18) >= 18 ? 100 : 1000;
  }

  /** Every row under any of the references, by the server's rule; `above`: only rows with a higher Id. */
  async byReferences(
    place: QueuePlace,
    references: readonly string[],
    signal: AbortSignal,
    above?: number,
  ): Promise<LiveQueueItem[]> {
    if (references.length === 0) return [];
    const wanted = new Set(references.map(fold));
    const base = and(ofQueue(place), ...(above === undefined ? [] : [gt("Id", int(above))]));
    for (;;) {
      const lookup = this.#lookup;
      try {
        const rows = await this.#rowsByReferences(place, base, references, lookup, above, signal);
        return rows.map(toQueueItem).filter((item) => item.reference !== null && wanted.has(fold(item.reference)));
      } catch (error) {
        const next = lookups[lookups.indexOf(lookup) + 1];
        if (next === undefined || !isQueryRefused(error)) throw error;
        if (this.#lookup === lookup) this.#lookup = next;
      }
    }
  }

  async #rowsByReferences(
    place: QueuePlace,
    base: Filter,
    references: readonly string[],
    lookup: (typeof lookups)[number],
    above: number | undefined,
    signal: AbortSignal,
  ): Promise<Row[]> {
    const chunks = runs(references, (values) => widest(and(base, byReference(values, lookup))));
    // Few rows are above a fresh watermark: reading them all is one call, looking each up may be many.
    if (lookup === "scan" || (above !== undefined && chunks.length > 1)) return this.#rows(place, base, signal);
    const rows: Row[] = [];
    for (const chunk of chunks) rows.push(...(await this.#rows(place, and(base, byReference(chunk, lookup)), signal)));
    return rows;
  }

  /** Rows of status New under a prefix. */
  async byPrefix(place: QueuePlace, prefix: string, signal: AbortSignal): Promise<LiveQueueItem[]> {
    const fresh = and(ofQueue(place), eq("Status", str("New")));
    const rows = await this.#rows(place, and(fresh, startsWith("Reference", str(prefix))), signal).catch(
      async (error: unknown) => {
        if (!isQueryRefused(error)) throw error;
        return this.#rows(place, fresh, signal); // no startswith here: read all that are New
      },
    );
    return rows.map(toQueueItem).filter((item) => item.reference !== null && hasPrefix(item.reference, prefix));
  }

  /** Rows by Id, in no order; those that are gone are missing. */
  async byIds(place: QueuePlace, ids: readonly number[], signal: AbortSignal): Promise<Row[]> {
    const chunks = runs(ids, (values) => widest(and(ofQueue(place), byId(values))));
    const rows: Row[] = [];
    for (const chunk of chunks) {
      rows.push(...(await this.#rows(place, and(ofQueue(place), byId(chunk)), signal, { atMost: chunk.length })));
    }
    return rows;
  }

  /** One row, with whatever the answer holds; undefined when it is gone. */
  async byId(folder: number, id: number, signal: AbortSignal): Promise<Row | undefined> {
    try {
      const body = await this.#client.get(`${path}(${id})`, { folder, signal });
      return isRow(body) ? body : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Rows that a filter of the caller selects within the queue. */
  async select(place: QueuePlace, filter: Filter, signal: AbortSignal, expand?: string): Promise<Row[]> {
    return this.#rows(place, and(ofQueue(place), filter), signal, expand === undefined ? {} : { expand });
  }

  /**
   * The highest Id of the queue, read once a run and before the queue's first write. It never moves up: ids are given
   * in order but become visible out of order.
   */
  async watermark(place: QueuePlace, signal: AbortSignal): Promise<number> {
    const known = this.#watermarks.get(place.queue);
    if (known !== undefined) return known;
    const reading = this.#highestId(place, signal);
    this.#watermarks.set(place.queue, reading);
    reading.catch(() => this.#watermarks.delete(place.queue));
    return reading;
  }

  /** Takes over what a plan saw before it read the queue: rows above it are all that the plan could not see. */
  knowWatermark(queue: number, id: number): void {
    if (!this.#watermarks.has(queue)) this.#watermarks.set(queue, Promise.resolve(id));
  }

  async #highestId({ folder, queue }: QueuePlace, signal: AbortSignal): Promise<number> {
    const query = queryString({ filter: eq("QueueDefinitionId", int(queue)), orderBy: "Id desc", top: 1 });
    return rowsOf(await this.#client.get(path, { query, folder, signal }))[0]?.Id ?? 0;
  }

  async #rows(
    { folder }: QueuePlace,
    filter: Filter,
    signal: AbortSignal,
    more: Pick<Listing, "expand" | "atMost"> = {},
  ): Promise<Row[]> {
    return this.#pager.all({ path, folder, filter, size: this.pageSize, signal, ...more });
  }
}

function ofQueue({ queue }: QueuePlace): Filter {
  return eq("QueueDefinitionId", int(queue));
}

function byId(ids: readonly number[]): Filter {
  return isIn("Id", ids.map(int));
}

function byReference(references: readonly string[], lookup: (typeof lookups)[number]): Filter {
  return lookup === "or"
    ? or(...references.map((reference) => eq("Reference", str(reference))))
    : isIn("Reference", references.map(str));
}

/** The largest query that paging can make of a filter: with the Id of the last row, and all options. */
export function widest(filter: Filter): Query {
  return {
    filter: and(filter, gt("Id", int(Number.MAX_SAFE_INTEGER))),
    orderBy: "Id asc",
    top: 1000,
  };
}
