import type { Capabilities, ProbedFilters } from "../../kinds/capabilities.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { and, eq, gt, int, type Filter } from "../odata/filter.ts";
import { limits, type Query, type QueryLimits } from "../odata/query.ts";
import type { QueueEstimate } from "./estimates.ts";
import type { Listing, Pager } from "./pages.ts";
import type { ReadLog, RunningRead } from "./read-log.ts";
import type { WantedReferences } from "./references.ts";

export const itemsPath = "/odata/QueueItems";

/** One queue in one folder: a linked queue answers once a folder, so both are always named (API guide). */
export interface QueuePlace {
  readonly folder: number;
  readonly queue: number;
}

/** What is wanted of a queue. */
interface ItemNeeds {
  /** Every row under them, whatever its status. */
  readonly references: WantedReferences;
  /** Every row of status New whose reference begins with one of these. */
  readonly prune: readonly string[];
}

/**
 * What only asking tells about a server, learnt once a run where no probe has found it out before: `in` and `startswith`
 * are not proven for old versions.
 */
export class QueueItemWays {
  lookup: "in" | "or" | "none";
  prefix: boolean;
  /** Set once a query was too long for the server. */
  short = false;

  constructor({ referenceIn = true, startsWith = true }: ProbedFilters = {}) {
    this.lookup = referenceIn ? "in" : "or";
    this.prefix = startsWith;
  }

  /** How large queries may be. */
  limits({ queryBytes }: Pick<Capabilities, "queryBytes">): QueryLimits {
    return this.short ? limits : { ...limits, bytes: queryBytes };
  }
}

export interface ReadingOptions {
  readonly client: OrchestratorClient;
  readonly pager: Pager;
  readonly ways: QueueItemWays;
  readonly place: QueuePlace;
  readonly needs: ItemNeeds;
  /** For prices, where the server tells; not asked for where it cannot matter. */
  readonly estimate?: (() => Promise<QueueEstimate | undefined>) | undefined;
  readonly log: ReadLog;
  readonly signal: AbortSignal;
}

/** What all queries of one reading share. */
export class QueueQueries {
  readonly #client: OrchestratorClient;
  readonly #ways: QueueItemWays;
  readonly #folder: number;
  readonly #signal: AbortSignal;
  readonly ofQueue: Filter;

  constructor({ client, ways, place, signal }: Pick<ReadingOptions, "client" | "ways" | "place" | "signal">) {
    this.#client = client;
    this.#ways = ways;
    this.#folder = place.folder;
    this.#signal = signal;
    this.ofQueue = eq("QueueDefinitionId", int(place.queue));
  }

  get capabilities(): Capabilities {
    return this.#client.capabilities;
  }

  /** Rows of a page. */
  get page(): number {
    return this.capabilities.queueItemsPage;
  }

  get limits(): QueryLimits {
    return this.#ways.limits(this.capabilities);
  }

  listing<Counted extends "each" | "first">(
    filter: Filter,
    counted: Counted,
    running: RunningRead,
  ): Listing & { readonly counted: Counted } {
    const onCall = (): void => running.call();
    return { path: itemsPath, folder: this.#folder, filter, size: this.page, counted, onCall, signal: this.#signal };
  }
}

/** The largest query that paging can make of a filter: with the Id of the last row, and all options. */
export function widest(filter: Filter): Query {
  return {
    filter: and(filter, gt("Id", int(Number.MAX_SAFE_INTEGER))),
    orderBy: "Id asc",
    top: 1000,
    count: true,
  };
}
