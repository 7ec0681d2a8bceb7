import { isQueryRefused } from "../http/errors.ts";
import { and, eq, startsWith, str, type Filter } from "../odata/filter.ts";
import { countedSweep, isSweepCheaper, isWorthProbing, probesAllowed, uncountedSweep } from "./cost.ts";
import type { QueueEstimate } from "./estimates.ts";
import { LookUps } from "./look-ups.ts";
import { commonPrefix, isUnder, partsUnder, type Part } from "./prefixes.ts";
import { QueueQueries, type ReadingOptions } from "./queue-query.ts";
import type { Row } from "./row.ts";

/**
 * One reading of a queue, in the fewest calls that can be known of: look-ups by reference; sweeps over all rows that
 * begin alike, where counting them (one call) shows that they are fewer; or a mix. See docs/reads.md.
 */
export class QueueReading {
  readonly #options: ReadingOptions;
  /** Prefixes that were swept: whatever is under them is read. */
  readonly #swept: string[] = [];
  readonly #queries: QueueQueries;
  readonly #lookUps: LookUps;
  #estimate: QueueEstimate | undefined;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#queries = new QueueQueries(options);
    this.#lookUps = new LookUps(options, this.#queries);
  }

  /** Pages of the rows that are wanted, and of others that came along. A row may come twice. */
  async *rows(): AsyncGenerator<readonly Row[], void, undefined> {
    const lookups = this.#lookUps.price().calls;
    if (lookups > 0 && isWorthProbing(lookups + this.#prunes().length)) {
      this.#estimate = await this.#options.estimate?.();
      this.#options.log.live = this.#estimate?.live;
      yield* this.#sweeps(lookups);
    }
    if (!(yield* this.#lookUps.rows(this.#notSwept()))) yield* this.#sweepInstead();
    for (const prefix of this.#prunes()) if (!isUnder(prefix, this.#swept)) yield* this.#fresh(prefix);
    this.#alternatives();
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
    const own = references.prefix;
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
    return this.#estimate === undefined || countedSweep(this.#estimate.live, this.#queries.page) <= instead;
  }

  /** True when all rows under the prefix were read. */
  async *#sweep(prefix: string, instead: number): AsyncGenerator<readonly Row[], boolean, undefined> {
    const { pager, ways, log } = this.#options;
    const estimate = this.#estimate?.live;
    const running = log.begin(prefix === "" ? "scan" : "prefix", this.#sweepText(prefix));
    const filter =
      prefix === "" ? this.#queries.ofQueue : and(this.#queries.ofQueue, startsWith("Reference", str(prefix)));
    let [pages, total] = [0, undefined as number | undefined];
    try {
      for await (const { rows, count } of pager.pages(this.#queries.listing(filter, "first", running))) {
        pages++;
        if (pages === 1) total = count;
        const state = { pages, rows: rows.length, page: this.#queries.page, count: total, estimate, instead };
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
      ? `${this.#queries.ofQueue.text} and Id gt …`
      : `${startsWith("Reference", str(prefix)).text} and Id gt …`;
  }

  /** Rows of status New under a prefix. */
  async *#fresh(prefix: string): AsyncGenerator<readonly Row[], void, undefined> {
    const { pager, ways, log } = this.#options;
    const queries = this.#queries;
    const fresh = and(this.#queries.ofQueue, eq("Status", str("New")));
    const under = startsWith("Reference", str(prefix));
    const read = async function* (filter: Filter, text: string): AsyncGenerator<readonly Row[], void, undefined> {
      const running = log.begin("prune", `${text} and Id gt …`);
      try {
        for await (const { rows } of pager.pages(queries.listing(filter, "first", running))) {
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
    return prefixes.length * (rows === undefined ? 1 : countedSweep(rows, this.#queries.page));
  }

  *#notSwept(): Generator<string, void, undefined> {
    const { references } = this.#options.needs;
    if (isUnder(references.prefix, this.#swept)) return; // all of them
    for (const reference of references) {
      if (!isUnder(reference, this.#swept)) yield reference;
    }
  }

  /** No look-up works here: everything that may be wanted is read, by prefix where that works. */
  async *#sweepInstead(): AsyncGenerator<readonly Row[], void, undefined> {
    const prefix = commonPrefix(this.#notSwept());
    const all = Number.POSITIVE_INFINITY;
    if (prefix !== "" && this.#options.ways.prefix && (yield* this.#sweep(prefix, all))) return;
    yield* this.#sweep("", all);
    this.#swept.push("");
  }

  /** What was not done, for whoever wants to compare. */
  #alternatives(): void {
    const { log, needs } = this.#options;
    const estimate = this.#estimate;
    const { lines } = log;
    if (needs.references.size === 0) return;
    const lookUps = this.#lookUps.price();
    if (!lines.some(({ way }) => way === "lookup") && Number.isFinite(lookUps.calls)) {
      log.instead({ way: "lookup", query: this.#lookUps.text, ...lookUps });
    }
    if (!lines.some(({ way }) => way === "scan") && estimate !== undefined) {
      const calls = uncountedSweep(estimate.live, this.#queries.page);
      log.instead({ way: "scan", query: this.#sweepText(""), calls, rows: estimate.live, estimated: true });
    }
  }
}
