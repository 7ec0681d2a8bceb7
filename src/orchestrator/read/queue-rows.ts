import { fold, hasPrefix } from "../../core/fold.ts";
import type { List, Spool } from "../../core/list.ts";
import { Numbers } from "../../core/numbers.ts";
import { TextIndex } from "../../core/text-index.ts";
import type { LiveQueueItem, LiveRows } from "../../kinds/queue-items/live.ts";
import type { WantedReferences } from "./references.ts";

/**
 * Rows of a queue that somebody wanted, by reference. The rows themselves may be in a file; what memory holds of each is
 * its Id and which row comes next under the same reference.
 */
export class QueueRows implements LiveRows {
  readonly #wanted: WantedReferences;
  /** References of rows that nobody named: they are here because they may be pruned. */
  readonly #others = new TextIndex();
  readonly #rows: Spool<LiveQueueItem>;
  readonly #ids = new Numbers("wide");
  /** Row + 1 by the number of its reference, and by the row before it; 0 is none. */
  readonly #first = new Numbers();
  readonly #next = new Numbers();
  /** Rows of status New. */
  readonly #fresh = new Numbers();

  constructor(wanted: WantedReferences, rows: Spool<LiveQueueItem>) {
    this.#wanted = wanted;
    this.#rows = rows;
  }

  /** Keeps a row. One that comes again takes the place of what it was before. */
  add(item: LiveQueueItem & { readonly reference: string }): void {
    const { reference } = item;
    const number = this.#numberOf(reference) ?? this.#wanted.size + this.#others.add(fold(reference));
    this.#forget(number, item.id);
    const row = this.#rows.length;
    this.#rows.push(item);
    this.#ids.push(item.id);
    this.#next.push(this.#first.at(number));
    this.#first.set(number, row + 1);
    if (item.status === "New") this.#fresh.push(row);
  }

  under(reference: string): LiveQueueItem[] {
    if (this.#rows.length === 0) return [];
    const number = this.#numberOf(reference);
    const found: LiveQueueItem[] = [];
    if (number === undefined) return found;
    for (let row = this.#first.at(number); row > 0; row = this.#next.at(row - 1)) found.push(this.#rows.at(row - 1));
    return found;
  }

  /** Rows of status New under a prefix, by Id. */
  freshUnder(prefix: string): List<LiveQueueItem> {
    const rows = this.#rows;
    const under: number[] = [];
    for (let at = 0; at < this.#fresh.length; at++) {
      const row = this.#fresh.at(at);
      if (this.#ids.at(row) !== gone && hasPrefix(rows.at(row).reference ?? "", prefix)) under.push(row);
    }
    const sorted = Uint32Array.from(under).toSorted((a, b) => this.#ids.at(a) - this.#ids.at(b));
    return {
      length: sorted.length,
      [Symbol.iterator]: () => sorted.values().map((row) => rows.at(row)),
    };
  }

  [Symbol.dispose](): void {
    this.#rows[Symbol.dispose]();
  }

  #numberOf(reference: string): number | undefined {
    const wanted = this.#wanted.numberOf(reference);
    if (wanted !== undefined) return wanted;
    const other = this.#others.numberOf(fold(reference));
    return other === undefined ? undefined : this.#wanted.size + other;
  }

  /** Takes a row out of the rows of its reference, if it is there. */
  #forget(number: number, id: number): void {
    let before = 0;
    for (let row = this.#first.at(number); row > 0; row = this.#next.at(row - 1)) {
      if (this.#ids.at(row - 1) === id) {
        if (before === 0) this.#first.set(number, this.#next.at(row - 1));
        else this.#next.set(before - 1, this.#next.at(row - 1));
        this.#ids.set(row - 1, gone);
        return;
      }
      before = row;
    }
  }
}

/** The Id of a row that came again: no server gives it. */
const gone = -1;
