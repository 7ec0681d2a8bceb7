import { isQueryRefused, isQueryTooLong } from "../http/errors.ts";
import { and, eq, gt, int, isIn, or, str, type Filter } from "../odata/filter.ts";
import { fits, limits, Pack, type Query } from "../odata/query.ts";
import { lookupSize } from "./cost.ts";
import { widest, type QueueQueries, type ReadingOptions } from "./queue-query.ts";
import type { Row } from "./row.ts";

/** Looks rows of one queue up by reference: `in` with as many as one call takes, else `or`. */
export class LookUps {
  readonly #options: ReadingOptions;
  readonly #queries: QueueQueries;
  /** What look-ups gave so far. */
  #looked = { references: 0, rows: 0 };
  #price: { readonly way: string; readonly of: { readonly calls: number; readonly perCall: number } } | undefined;

  constructor(options: ReadingOptions, queries: QueueQueries) {
    this.#options = options;
    this.#queries = queries;
  }

  /** As a person would write them. */
  get text(): string {
    return this.#options.ways.lookup === "or" ? "Reference eq … or …" : "Reference in (…)";
  }

  /** Look-ups that all references take, if each has one row, and the references of the largest. */
  price(): { readonly calls: number; readonly perCall: number } {
    const { ways, needs } = this.#options;
    if (ways.lookup === "none" && needs.references.size > 0) return { calls: Number.POSITIVE_INFINITY, perCall: 0 };
    const way = `${ways.lookup} ${this.#queries.limits.bytes}`;
    if (this.#price?.way === way) return this.#price.of;
    const pack = new Pack((values: readonly string[]) => this.#lookUpQuery(values), this.#queries.limits);
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
    this.#price = { way, of: { calls, perCall } };
    return this.#price.of;
  }

  /**
   * Pages of the rows under references, of all that are wanted or some of them. False when no look-up works here: then
   * only a sweep can find them.
   */
  async *rows(references: Iterable<string>): AsyncGenerator<readonly Row[], boolean, undefined> {
    const rest = references[Symbol.iterator]();
    const back: string[] = []; // what a refused look-up named
    for (;;) {
      const { ways } = this.#options;
      const chunk = this.#nextChunk(back, rest);
      if (chunk.length === 0) return true;
      if (ways.lookup === "none") return false;
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

  /** As many references as one call takes; those of a refused look-up first. */
  #nextChunk(back: string[], rest: Iterator<string, void>): string[] {
    // Where retries come along, look-ups may fill a page, and leave room for going on by Id.
    const many = this.#looked.rows > this.#looked.references;
    const build = (values: readonly string[]): Query => {
      const query = this.#lookUpQuery(values);
      return many && query.filter !== undefined ? widest(query.filter) : query;
    };
    const pack = new Pack(build, this.#queries.limits);
    const most = lookupSize(this.#looked, this.#queries.page);
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
    const filter = and(this.#queries.ofQueue, this.#byReference(references));
    return { filter, orderBy: "Id asc", top: this.#queries.page, count: true };
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
    const { pager, log } = this.#options;
    const running = log.begin("lookup", this.text, this.price().perCall);
    const after = above === undefined ? [] : [gt("Id", int(above))];
    const filter = and(this.#queries.ofQueue, ...after, this.#byReference(references));
    const listing = this.#queries.listing(filter, "each", running);
    try {
      if (references.length === 1 || fits(widest(filter), this.#queries.limits)) {
        for await (const { rows } of pager.pages(listing)) {
          running.got(rows.length);
          yield rows;
        }
        return;
      }
      const { rows, isLast } = await pager.first(listing);
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
    if (isQueryTooLong(error) && !ways.short && this.#queries.capabilities.queryBytes > limits.bytes) ways.short = true;
    else ways.lookup = ways.lookup === "in" ? "or" : "none";
  }
}
