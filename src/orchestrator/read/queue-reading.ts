import { capabilitiesOf, type Capabilities } from "../../kinds/capabilities.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isQueryRefused, isQueryTooLong } from "../http/errors.ts";
import { and, eq, gt, int, isIn, or, startsWith, str, type Filter } from "../odata/filter.ts";
import { fits, limits, Pack, type Query, type QueryLimits } from "../odata/query.ts";
import { countedSweep, isSweepCheaper, isWorthProbing, lookupSize, probesAllowed, uncountedSweep } from "./cost.ts";
import type { QueueEstimate } from "./estimates.ts";
import type { Pager } from "./pages.ts";
import { commonPrefix, isUnder, partsUnder, type Part } from "./prefixes.ts";
import type { ReadLog } from "./read-log.ts";
import type { WantedReferences } from "./references.ts";
import type { Row } from "./row.ts";

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

/** What only asking tells about a server, learnt once a run: `in` and `startswith` are not proven for old versions. */
export class QueueItemWays {
  lookup: "in" | "or" | "none" = "in";
  prefix = true;
  /** Set once a query was too long for the server. */
  short = false;

  /** How large queries may be. */
  limits({ queryBytes }: Pick<Capabilities, "queryBytes">): QueryLimits {
    return this.short ? limits : { ...limits, bytes: queryBytes };
  }
}

interface ReadingOptions {
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

/**
 * One reading of a queue, in the fewest calls that can be known of: look-ups by reference; sweeps over all rows that
 * begin alike, where counting them (one call) shows that they are fewer; or a mix. See docs/reads.md.
 */
export class QueueReading {
  readonly #options: ReadingOptions;
  /** Prefixes that were swept: whatever is under them is read. */
  readonly #swept: string[] = [];
  #estimate: QueueEstimate | undefined;
  /** What look-ups gave so far. */
  #looked = { references: 0, rows: 0 };

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** Pages of the rows that are wanted, and of others that came along. A row may come twice. */
  async *rows(): AsyncGenerator<readonly Row[], void, undefined> {
    const lookups = this.#lookUpPrice().calls;
    if (lookups > 0 && isWorthProbing(lookups + this.#prunes().length)) {
      this.#estimate = await this.#options.estimate?.();
      this.#options.log.live = this.#estimate?.live;
      yield* this.#sweeps(lookups);
    }
    yield* this.#lookUpRest();
    for (const prefix of this.#prunes()) if (!isUnder(prefix, this.#swept)) yield* this.#fresh(prefix);
    this.#alternatives();
  }

  get #capabilities(): Capabilities {
    return capabilitiesOf(this.#options.client.apiVersion);
  }

  get #page(): number {
    return this.#capabilities.queueItemsPage;
  }

  get #limits(): QueryLimits {
    return this.#options.ways.limits(this.#capabilities);
  }

  get #ofQueue(): Filter {
    return eq("QueueDefinitionId", int(this.#options.place.queue));
  }

  /** Prune prefixes that no other one covers. */
  #prunes(): readonly string[] {
    const { prune } = this.#options.needs;
    const shortestFirst = prune.toSorted((a, b) => a.length - b.length);
    return shortestFirst.filter((prefix, index) => !isUnder(prefix, shortestFirst.slice(0, index)));
  }

  // Sweeps

  /** Tries the sweeps that may save calls, the largest first; what they leave is for look-ups. */
  async *#sweeps(lookups: number): AsyncGenerator<readonly Row[], void, undefined> {
    const { references, prune } = this.#options.needs;
    const prunes = this.#prunes();
    const own = commonPrefix(references);
    const whole = prune.length === 0 ? own : commonPrefix([own, ...prunes]);
    const all = { references: references.size, isCluster: true };
    const tries: Part[] = [{ prefix: whole, ...all }];
    if (own !== whole) tries.push({ prefix: own, ...all });
    let vain = 0;
    for (let part = tries.shift(); part !== undefined; part = tries.shift()) {
      const { prefix } = part;
      if (isUnder(prefix, this.#swept) || !this.#isAskable(prefix)) continue;
      const covered = prunes.filter((each) => isUnder(each, [prefix]));
      const instead = this.#share(part, lookups) + this.#freshCalls(covered);
      if (!isWorthProbing(instead)) continue;
      if (this.#isSensible(prefix, instead)) {
        if (vain >= probesAllowed(lookups, part.isCluster)) continue;
        if (yield* this.#sweep(prefix, instead)) {
          this.#swept.push(prefix);
          continue;
        }
        vain++;
      }
      if (!this.#isAskable(prefix)) tries.push({ prefix: "", ...all });
      else if (prefix !== whole || own === whole) tries.push(...partsUnder(references, prefix));
      tries.sort((a, b) => b.references - a.references);
    }
  }

  /** Look-ups that a part of the references takes. */
  #share({ references }: Part, lookups: number): number {
    const { size } = this.#options.needs.references;
    return size === 0 ? 0 : Math.ceil((references * lookups) / size);
  }

  /** False for a prefix once the server has refused one. */
  #isAskable(prefix: string): boolean {
    return prefix === "" || this.#options.ways.prefix;
  }

  /** A whole queue that is surely too long is not begun. */
  #isSensible(prefix: string, instead: number): boolean {
    if (prefix !== "") return true;
    return this.#estimate === undefined || countedSweep(this.#estimate.live, this.#page) <= instead;
  }

  /** True when all rows under the prefix were read. */
  async *#sweep(prefix: string, instead: number): AsyncGenerator<readonly Row[], boolean, undefined> {
    const { pager, place, ways, log, signal } = this.#options;
    const estimate = this.#estimate?.live;
    const running = log.begin(prefix === "" ? "scan" : "prefix", this.#sweepText(prefix));
    const filter = prefix === "" ? this.#ofQueue : and(this.#ofQueue, startsWith("Reference", str(prefix)));
    const listing = { path: itemsPath, folder: place.folder, filter, size: this.#page, signal };
    let [pages, total] = [0, undefined as number | undefined];
    try {
      for await (const { rows, count } of pager.pages({ ...listing, counted: "first", onCall: () => running.call() })) {
        pages++;
        if (pages === 1) total = count;
        const state = { pages, rows: rows.length, page: this.#page, count: total, estimate, instead };
        if (!isSweepCheaper(state)) {
          running.leave(total);
          return false;
        }
        running.got(rows.length);
        yield rows;
      }
      return true;
    } catch (error) {
      if (prefix === "" || !isQueryRefused(error)) throw error;
      running.refuse();
      ways.prefix = false;
      return false;
    }
  }

  #sweepText(prefix: string): string {
    return prefix === ""
      ? `${this.#ofQueue.text} and Id gt …`
      : `${startsWith("Reference", str(prefix)).text} and Id gt …`;
  }

  /** Rows of status New under a prefix. */
  async *#fresh(prefix: string): AsyncGenerator<readonly Row[], void, undefined> {
    const { pager, place, ways, log, signal } = this.#options;
    const fresh = and(this.#ofQueue, eq("Status", str("New")));
    const under = startsWith("Reference", str(prefix));
    const listing = { path: itemsPath, folder: place.folder, size: this.#page, counted: "first", signal } as const;
    const read = async function* (filter: Filter, text: string): AsyncGenerator<readonly Row[], void, undefined> {
      const running = log.begin("prune", `${text} and Id gt …`);
      try {
        for await (const { rows } of pager.pages({ ...listing, filter, onCall: () => running.call() })) {
          running.got(rows.length);
          yield rows;
        }
      } catch (error) {
        if (isQueryRefused(error)) running.refuse();
        throw error;
      }
    };
    if (ways.prefix) {
      try {
        yield* read(and(fresh, under), `Status eq 'New' and ${under.text}`);
        return;
      } catch (error) {
        if (!isQueryRefused(error)) throw error;
        ways.prefix = false;
      }
    }
    yield* read(fresh, "Status eq 'New'"); // no startswith here: read all that are New
  }

  /** Calls that reading the New rows under prefixes takes, as far as statistics tell. */
  #freshCalls(prefixes: readonly string[]): number {
    const rows = this.#estimate?.fresh;
    return prefixes.length * (rows === undefined ? 1 : countedSweep(rows, this.#page));
  }

  // Look-ups

  async *#lookUpRest(): AsyncGenerator<readonly Row[], void, undefined> {
    const { references } = this.#options.needs;
    const rest = this.#notSwept(references)[Symbol.iterator]();
    const back: string[] = []; // what a refused look-up named
    for (;;) {
      const { ways } = this.#options;
      const chunk = this.#nextChunk(back, rest);
      if (chunk.length === 0) return;
      if (ways.lookup === "none") {
        yield* this.#scanInstead();
        return;
      }
      const rows: Row[] = [];
      try {
        for await (const page of this.#lookUp(chunk)) rows.push(...page);
      } catch (error) {
        this.#learn(error);
        back.unshift(...chunk);
        continue;
      }
      this.#looked = {
        references: this.#looked.references + chunk.length,
        rows: this.#looked.rows + rows.length,
      };
      yield rows;
    }
  }

  *#notSwept(references: Iterable<string>): Generator<string, void, undefined> {
    for (const reference of references) if (!isUnder(reference, this.#swept)) yield reference;
  }

  /** As many references as one call takes; those of a refused look-up first. */
  #nextChunk(back: string[], rest: Iterator<string, void>): string[] {
    // Where retries come along, look-ups may fill a page, and leave room for going on by Id.
    const many = this.#looked.rows > this.#looked.references;
    const build = (values: readonly string[]): Query => {
      const query = this.#lookUpQuery(values);
      return many && query.filter !== undefined ? widest(query.filter) : query;
    };
    const pack = new Pack(build, this.#limits);
    const most = lookupSize(this.#looked, this.#page);
    for (let taken = 0; taken < most; taken++) {
      const returned = back.shift();
      const next = returned === undefined ? rest.next() : { done: false, value: returned };
      if (next.done === true || next.value === undefined) break;
      if (pack.takes(next.value)) continue;
      back.unshift(next.value);
      break;
    }
    return pack.empty();
  }

  #lookUpQuery(references: readonly string[]): Query {
    const filter = and(this.#ofQueue, this.#byReference(references));
    return { filter, orderBy: "Id asc", top: this.#page, count: true };
  }

  #byReference(references: readonly string[]): Filter {
    return this.#options.ways.lookup === "or"
      ? or(...references.map((reference) => eq("Reference", str(reference))))
      : isIn("Reference", references.map(str));
  }

  /**
   * The rows under some references. A look-up that fills a page goes on by Id; where that is too large a query, in
   * halves.
   */
  async *#lookUp(references: readonly string[], above?: number): AsyncGenerator<readonly Row[], void, undefined> {
    const { pager, place, log, signal } = this.#options;
    const text = this.#options.ways.lookup === "or" ? "Reference eq … or …" : "Reference in (…)";
    const running = log.begin("lookup", text, this.#lookUpPrice().perCall);
    const after = above === undefined ? [] : [gt("Id", int(above))];
    const filter = and(this.#ofQueue, ...after, this.#byReference(references));
    const listing = { path: itemsPath, folder: place.folder, filter, size: this.#page, signal };
    const counted = { ...listing, counted: "each", onCall: () => running.call() } as const;
    try {
      if (references.length === 1 || fits(widest(filter), this.#limits)) {
        for await (const { rows } of pager.pages(counted)) {
          running.got(rows.length);
          yield rows;
        }
        return;
      }
      const { rows, isLast } = await pager.first(counted);
      running.got(rows.length);
      if (rows.length > 0) yield rows;
      if (isLast) return;
      const last = rows.reduce((highest, { Id }) => Math.max(highest, Id), 0);
      const half = Math.ceil(references.length / 2);
      for (const part of [references.slice(0, half), references.slice(half)]) yield* this.#lookUp(part, last);
    } catch (error) {
      if (isQueryRefused(error)) running.refuse();
      throw error;
    }
  }

  /** What a refusal teaches about the server; another error is no reason to read otherwise. */
  #learn(error: unknown): void {
    const { ways } = this.#options;
    if (!isQueryRefused(error)) throw error;
    if (isQueryTooLong(error) && !ways.short && this.#capabilities.queryBytes > limits.bytes) ways.short = true;
    else ways.lookup = ways.lookup === "in" ? "or" : "none";
  }

  /** No look-up works here: everything that may be wanted is read, by prefix where that works. */
  async *#scanInstead(): AsyncGenerator<readonly Row[], void, undefined> {
    const prefix = commonPrefix(this.#notSwept(this.#options.needs.references));
    const all = Number.POSITIVE_INFINITY;
    if (prefix !== "" && this.#options.ways.prefix && (yield* this.#sweep(prefix, all))) return;
    yield* this.#sweep("", all);
    this.#swept.push("");
  }

  // Prices

  #price: { readonly way: string; readonly calls: number; readonly perCall: number } | undefined;

  /** Look-ups that all references take, if each has one row, and the references of the largest. */
  #lookUpPrice(): { readonly calls: number; readonly perCall: number } {
    const { ways, needs } = this.#options;
    const way = `${ways.lookup} ${this.#limits.bytes}`;
    if (this.#price?.way === way) return this.#price;
    const pack = new Pack((values: readonly string[]) => this.#lookUpQuery(values), this.#limits);
    let [calls, perCall] = [0, 0];
    const close = (): void => {
      const { length } = pack.empty();
      calls += Math.min(1, length);
      perCall = Math.max(perCall, length);
    };
    for (const reference of needs.references) {
      if (pack.takes(reference)) continue;
      close();
      pack.takes(reference);
    }
    close();
    this.#price = { way, calls, perCall };
    return this.#price;
  }

  /** What was not done, for whoever wants to compare. */
  #alternatives(): void {
    const { log, needs, ways } = this.#options;
    const estimate = this.#estimate;
    const { lines } = log;
    if (needs.references.size === 0) return;
    if (!lines.some(({ way }) => way === "lookup") && ways.lookup !== "none") {
      const query = ways.lookup === "or" ? "Reference eq … or …" : "Reference in (…)";
      const { calls, perCall } = this.#lookUpPrice();
      log.instead({ way: "lookup", query, perCall, calls });
    }
    if (!lines.some(({ way }) => way === "scan") && estimate !== undefined) {
      const calls = uncountedSweep(estimate.live, this.#page);
      log.instead({ way: "scan", query: this.#sweepText(""), calls, rows: estimate.live, estimated: true });
    }
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
