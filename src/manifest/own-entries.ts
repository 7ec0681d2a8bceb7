import { isOwn, queueItemName, shardOf } from "../core/shard-of.ts";
import type { Part, Shard } from "../core/shard.ts";
import type { QueueItemEntry } from "../kinds/queue-items/spec.ts";

/** The entries of one set that belong to a shard; without shards all of them. */
export class OwnEntries {
  readonly #queue: string;
  readonly #shard: Shard | undefined;
  #entries = 0;
  /** Of the first entry; 0 before there is one. */
  #first = 0;
  #isSplit = false;

  constructor(queue: string, shard: Shard | undefined) {
    this.#queue = queue;
    this.#shard = shard;
  }

  /** Those of some entries that are kept. Every entry of the set is to come by here once. */
  of(entries: Iterable<QueueItemEntry>): readonly QueueItemEntry[] {
    return Array.from(entries).filter(({ reference }) => this.#takes(reference));
  }

  /** True when the shard has the reference; nothing is counted. */
  has(reference: string): boolean {
    return this.#shard === undefined || isOwn(this.#shard, queueItemName(this.#queue, reference));
  }

  /** What the shard has of the set, when all entries have come by. */
  get part(): Part | undefined {
    const shard = this.#shard;
    return shard && { shard, whole: { entries: this.#entries, isSplit: this.#isSplit } };
  }

  #takes(reference: string): boolean {
    if (this.#shard === undefined) return true;
    const number = shardOf(queueItemName(this.#queue, reference), this.#shard.count);
    this.#entries++;
    if (this.#first === 0) this.#first = number;
    this.#isSplit ||= number !== this.#first;
    return number === this.#shard.index;
  }
}
