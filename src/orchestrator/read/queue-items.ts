import { hasPrefix } from "../../core/fold.ts";
import type { List, MakeSpool } from "../../core/list.ts";
import type { QueueRead } from "../../core/reads.ts";
import type { LiveQueueItem, LiveRows } from "../../kinds/queue-items/live.ts";
import type { LiveReviewItem } from "../../kinds/review/live.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isNotFound } from "../http/errors.ts";
import { and, eq, gt, int, isIn, or, str, type Filter } from "../odata/filter.ts";
import { queryString, runs } from "../odata/query.ts";
import { ahead } from "./ahead.ts";
import { EstimateReader, type QueueEstimate } from "./estimates.ts";
import type { Listing, Pager } from "./pages.ts";
import { toQueueItem, toReviewItem } from "./queue-item-row.ts";
import { itemsPath as path, QueueItemWays, widest, type QueuePlace, type ReadingOptions } from "./queue-query.ts";
import { QueueReading } from "./queue-reading.ts";
import { QueueRows } from "./queue-rows.ts";
import { ReadLog } from "./read-log.ts";
import { distinctReferences, wantedReferences } from "./references.ts";
import { isRow, optionalText, rowsOf, text, type Row } from "./row.ts";
import { SharedReads, type QueueWish } from "./shared-reads.ts";

/** An item that waits, with what can be set only when it is added. */
export type WaitingItem = LiveQueueItem & { readonly riskSlaDate?: string | null };

export type { QueuePlace } from "./queue-query.ts";

/** Ids that one look can name: with queue and last row, an `in` of 86 values is 100 nodes. */
export const itemIdsPerLook = 86;

/** What a manifest wanted to know of its queue. */
export interface DesiredRows {
  /** Every row under its references, whatever the status. */
  readonly items: LiveRows;
  /** Rows of status New under its prune prefix, by Id. */
  readonly pruneCandidates: List<LiveQueueItem>;
}

/** Reads rows of `QueueItems`. Filters by nothing but what every server and its strict mode allow. */
export class QueueItemReader {
  readonly #client: OrchestratorClient;
  readonly #pager: Pager;
  readonly #estimates: EstimateReader;
  readonly #watermarks = new Map<number, Promise<number>>();
  /** Made when the server has said its version, by which it is known what holds. */
  #ways: QueueItemWays | undefined;
  readonly #shared = new SharedReads((place, wishes, log, signal) => this.#readShared(place, wishes, log, signal));
  readonly #makeSpool: MakeSpool;
  /** What is kept of reads until `release`. */
  #kept = new DisposableStack();

  constructor(client: OrchestratorClient, pager: Pager, makeSpool: MakeSpool) {
    this.#client = client;
    this.#pager = pager;
    this.#makeSpool = makeSpool;
    this.#estimates = new EstimateReader(client);
  }

  /** Rows to ask for at once. */
  get pageSize(): number {
    return this.#client.capabilities.queueItemsPage;
  }

  /** Announces what a manifest will ask for: whatever is announced of one queue before it is read is read at once. */
  want(place: QueuePlace, wish: QueueWish): void {
    this.#shared.want(place, wish);
  }

  /** What a manifest wants of its queue, from the read that it shares with all others. */
  async desired(place: QueuePlace, wish: QueueWish, signal: AbortSignal): Promise<DesiredRows> {
    const rows = await this.#shared.rows(place, wish, signal);
    const { prunePrefix } = wish;
    return { items: rows, pruneCandidates: prunePrefix === undefined ? [] : rows.freshUnder(prunePrefix) };
  }

  /** Lets go of all rows that `desired` has given: nobody looks at them any more. */
  release(): void {
    this.#kept.dispose();
    this.#kept = new DisposableStack();
  }

  /** The reads of queues made so far, with their prices. */
  reads(): readonly QueueRead[] {
    return this.#shared.reads();
  }

  async #readShared(
    place: QueuePlace,
    wishes: readonly QueueWish[],
    log: ReadLog,
    signal: AbortSignal,
  ): Promise<QueueRows> {
    const prefixes = wishes.flatMap(({ prunePrefix }) => prunePrefix ?? []);
    const [list, ...lists] = wishes.map((wish) => wish.references);
    const references =
      list !== undefined && lists.length === 0 ? distinctReferences(list) : wantedReferences([list ?? [], ...lists]);
    const estimate = async (): Promise<QueueEstimate | undefined> =>
      this.#estimates.of(place.folder, place.queue, signal);
    log.references = references.size;
    const prune = [...new Set(prefixes)];
    const rows = this.#kept.use(new QueueRows(references, this.#makeSpool()));
    for await (const page of this.#pages({ place, needs: { references, prune }, estimate, log, signal })) {
      for (const row of page) {
        const reference = text(row, "Reference");
        if (reference === null) continue;
        const doomed = text(row, "Status") === "New" && prune.some((prefix) => hasPrefix(reference, prefix));
        const number = references.numberOf(reference);
        if (doomed || number !== undefined) rows.add(toQueueItem(row), reference, number);
      }
    }
    return rows;
  }

  /** Pages of one reading, which asks for the next one while a page is looked at. */
  #pages(what: Omit<ReadingOptions, "client" | "pager" | "ways">): AsyncGenerator<readonly Row[], void, undefined> {
    const ways = (this.#ways ??= new QueueItemWays(this.#client.capabilities.filters));
    const [client, pager] = [this.#client, this.#pager];
    return ahead((signal) => new QueueReading({ ...what, client, pager, ways, signal }).rows(), what.signal);
  }

  /** Every row under any of the references, by the server's rule; `above`: only rows with a higher Id. */
  async byReferences(
    place: QueuePlace,
    references: readonly string[],
    signal: AbortSignal,
    above?: number,
  ): Promise<LiveQueueItem[]> {
    if (references.length === 0) return [];
    const wanted = wantedReferences([references]);
    const pages =
      above === undefined
        ? this.#pages({ place, needs: { references: wanted, prune: [] }, log: new ReadLog(), signal })
        : this.#above(place, above, signal);
    const found = new Map<number, LiveQueueItem>();
    for await (const page of pages) {
      for (const row of page) {
        const item = toQueueItem(row);
        if (item.reference !== null && wanted.numberOf(item.reference) !== undefined) found.set(item.id, item);
      }
    }
    return [...found.values()];
  }

  /** Few rows are above a fresh watermark: reading them all is one call, looking each up may be many. */
  async *#above(place: QueuePlace, id: number, signal: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
    const filter = and(ofQueue(place), gt("Id", int(id)));
    const listing = { path, folder: place.folder, filter, size: this.pageSize, counted: "first", signal } as const;
    for await (const { rows } of this.#pager.pages(listing)) yield rows;
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

  /** Rows of status New, page by page in the order of their Ids. */
  async *waiting({ folder, queue }: QueuePlace, signal: AbortSignal): AsyncGenerator<WaitingItem[], void, undefined> {
    const filter = and(ofQueue({ folder, queue }), eq("Status", str("New")));
    const listing = { path, folder, filter, size: this.pageSize, counted: "first" } as const;
    for await (const { rows } of ahead((until) => this.#pager.pages({ ...listing, signal: until }), signal)) {
      yield rows.map(toWaiting).filter(({ status }) => status === "New");
    }
  }

  /** Rows that can have a reviewer. */
  async reviewable(place: QueuePlace, signal: AbortSignal): Promise<LiveReviewItem[]> {
    const ended = or(eq("Status", str("Failed")), eq("Status", str("Abandoned")));
    const items = (await this.#rows(place, and(ofQueue(place), ended), signal)).map(toReviewItem);
    return items.filter(({ status }) => status === "Failed" || status === "Abandoned");
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
    const running = this.#shared.logOf(queue)?.begin("watermark", "the highest Id");
    const query = queryString({ filter: eq("QueueDefinitionId", int(queue)), orderBy: "Id desc", top: 1 });
    running?.call();
    return rowsOf(await this.#client.get(path, { query, folder, signal }))[0]?.Id ?? 0;
  }

  async #rows(
    { folder }: QueuePlace,
    filter: Filter,
    signal: AbortSignal,
    more: Pick<Listing, "atMost"> = {},
  ): Promise<Row[]> {
    return this.#pager.all({ path, folder, filter, size: this.pageSize, counted: "first", signal, ...more });
  }
}

function ofQueue({ queue }: QueuePlace): Filter {
  return eq("QueueDefinitionId", int(queue));
}

function byId(ids: readonly number[]): Filter {
  return isIn("Id", ids.map(int));
}

function toWaiting(row: Row): WaitingItem {
  const item = toQueueItem(row);
  return { ...item, ...optionalText(row, "RiskSlaDate", "riskSlaDate") };
}
