import type { List, MakeSpool, Spool } from "../../core/list.ts";
import type { QueueItemEntry } from "./spec.ts";

/**
 * Entries on their way into a spec. Their references are kept once more: a plan asks for all of them before it looks at
 * anything else, and a million entries should not be read for that.
 */
export class EntrySpool implements List<QueueItemEntry> {
  readonly #entries: Spool<QueueItemEntry>;
  readonly #references: Spool<string>;

  constructor(makeSpool: MakeSpool) {
    this.#entries = makeSpool<QueueItemEntry>();
    this.#references = makeSpool<string>();
  }

  get length(): number {
    return this.#entries.length;
  }

  get references(): List<string> {
    return this.#references;
  }

  push(entry: QueueItemEntry): void {
    this.#entries.push(entry);
    this.#references.push(entry.reference);
  }

  /** All of it, when nothing is added any more: a plain array where it is small. */
  done(): List<QueueItemEntry> {
    const all = this.#entries.done();
    return Array.isArray(all) ? all : this;
  }

  [Symbol.iterator](): Iterator<QueueItemEntry> {
    return this.#entries[Symbol.iterator]();
  }
}

/** The references of entries, without reading these where a spool holds them. */
export function referencesOf(items: List<QueueItemEntry>): List<string> {
  if (items instanceof EntrySpool) return items.references;
  return {
    length: items.length,
    [Symbol.iterator]: () => Iterator.from(items).map(({ reference }) => reference),
  };
}
