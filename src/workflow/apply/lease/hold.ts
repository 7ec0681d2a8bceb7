import type { Fault } from "../../../core/fault.ts";
import { holderContent, readHolder, type Holder } from "../../../kinds/lease/holder.ts";
import type { LiveQueueItem } from "../../../kinds/queue-items/live.ts";
import type { LeaseWorld } from "./world.ts";

/** How often a release is tried: its RowVersion makes it harmless to repeat. */
const releaseAttempts = 3;

/**
 * A lease while it is held: renewed in the background at a third of its life, given back at the end. Nothing on the
 * server enforces it, so whoever writes asks `permit` first.
 */
export class Lease {
  readonly #world: LeaseWorld;
  readonly #since: string;
  readonly #closed = new AbortController();
  #item: Pick<LiveQueueItem, "id" | "reference" | "rowVersion">;
  /** Milliseconds since 1970, by the server's clock; as the item that was last read says it. */
  #until = 0;
  #lost: string | undefined;
  #refusal: Fault | undefined;
  #renewing: Promise<void> | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(world: LeaseWorld, id: number, since: string) {
    this.#world = world;
    this.#since = since;
    this.#item = { id, reference: world.reference, rowVersion: "" };
  }

  /** Why it is not ours any more; undefined while it is. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Why the server refused the last renewal, if it did. */
  get refusal(): Fault | undefined {
    return this.#refusal;
  }

  /** Goes on renewing it until it is released or lost. */
  keep(): void {
    this.#keeping = this.#keep();
  }

  /**
   * Whether a write may be sent now: only if the lease outlives it, by the time a request may take and the time after
   * which nothing of it can commit. Otherwise why not.
   */
  async permit(): Promise<string | undefined> {
    if (this.#lost === undefined && !this.#outlives()) await this.renew();
    if (this.#lost !== undefined) return this.#lost;
    return this.#outlives() ? undefined : "the lease could not be renewed in time";
  }

  /** Renews it now; several callers share one renewal. */
  async renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /**
   * Gives it back. `openUntil`: until then a write of this run may still commit, so the lease stays as one that is over,
   * and whoever comes waits for that long. Throws nothing: what was done is done, and the lease ends by itself.
   */
  async release(openUntil?: Date): Promise<void> {
    this.#closed.abort();
    await this.#keeping;
    await this.#renewing;
    if (this.#lost !== undefined) return;
    try {
      const open = openUntil !== undefined && openUntil > this.#world.queue.now();
      const done = open ? await this.#leave(openUntil) : await this.#remove();
      if (!done) this.#tell(`the lease could not be given back: it ends by itself at ${this.#ends()}`);
    } catch {
      this.#tell(`the lease could not be given back: it ends by itself at ${this.#ends()}`);
    }
  }

  #outlives(): boolean {
    const { request, settle } = this.#world.times;
    return this.#until - this.#world.queue.now().getTime() >= request + settle;
  }

  async #keep(): Promise<void> {
    const { clock, times } = this.#world;
    while (this.#lost === undefined && !this.#closed.signal.aborted) {
      // A third of its life after the last renewal; what failed is tried again sooner.
      const due = this.#until - (times.ttl * 2) / 3 - this.#world.queue.now().getTime();
      await clock.sleep(Math.max(due, times.ttl / 12), this.#closed.signal);
      if (!this.#closed.signal.aborted) await this.renew();
    }
  }

  /** PUT takes no version, so the read after it decides, whatever the PUT was answered. */
  async #renewOnce(): Promise<void> {
    const { queue, times, signal } = this.#world;
    const until = queue.now().getTime() + times.ttl;
    try {
      const renewed = await queue.replace(this.#item, holderContent(this.#holder(until)), signal);
      this.#refusal = renewed.ending === "refused" ? renewed.fault : undefined;
      this.#look(await queue.byId(this.#item.id, signal));
    } catch {
      // Not seen, so not known: the lease is as old as it was.
    }
    if (this.#until <= queue.now().getTime()) this.#lose("it could not be renewed before it was over");
  }

  #look(row: LiveQueueItem | undefined): void {
    const holder = readHolder(row?.content);
    if (row === undefined) this.#lose("its item is gone");
    else if (row.status !== "New") this.#lose(`its item ${row.id} is ${row.status}`);
    else if (holder?.runId !== this.#world.runner.runId) this.#lose(`its item ${row.id} names another run`);
    else {
      this.#item = row;
      this.#until = Date.parse(holder.until);
    }
  }

  async #remove(): Promise<boolean> {
    const { queue, signal } = this.#world;
    for (let attempt = 1; attempt <= releaseAttempts; attempt++) {
      const removed = await queue.remove(this.#item, signal);
      if (removed.ending === "done") return true;
      // Open, or another RowVersion: a renewal whose answer was lost may have come through late.
      const row = await queue.byId(this.#item.id, signal);
      if (row === undefined || row.status === "Deleted") return true;
      if (row.status !== "New" || readHolder(row.content)?.runId !== this.#world.runner.runId) return false;
      this.#item = row;
    }
    return false;
  }

  /** Over since the open write was sent: others may end it when that has settled. */
  async #leave(openUntil: Date): Promise<boolean> {
    const { queue, times, signal } = this.#world;
    const over = openUntil.getTime() - times.settle;
    await queue.replace(this.#item, holderContent(this.#holder(over)), signal);
    this.#look(await queue.byId(this.#item.id, signal));
    this.#tell(`the lease stays until nothing of this apply can be done late: ${openUntil.toISOString()}`);
    return this.#lost === undefined;
  }

  #holder(until: number): Holder {
    return { ...this.#world.runner, since: this.#since, until: new Date(until).toISOString() };
  }

  #ends(): string {
    return new Date(this.#until + this.#world.times.settle).toISOString();
  }

  #lose(why: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = `the lease was lost: ${why}`;
    this.#tell(`${this.#lost}; nothing more is written`);
  }

  #tell(text: string): void {
    this.#world.emit({ type: "lease", text });
  }
}
