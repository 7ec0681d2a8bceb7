import { fold, hasPrefix } from "../../core/fold.ts";
import type { List, Spool } from "../../core/list.ts";
import { Numbers } from "../../core/numbers.ts";
import { TextIndex } from "../../core/text-index.ts";
import type { LiveQueueItem, LiveRows } from "../../kinds/queue-items/live.ts";
import type { WantedReferences } from "./references.ts";
import { fromStored, toStored, type StoredRow } from "./stored-row.ts";

/**
 * Rows of a queue that somebody wanted, by reference. The rows themselves may be in a file; what memory holds of each is
 * its Id and which row comes next under the same reference.
 */
export class QueueRows implements LiveRows {
  readonly #wanted: WantedReferences;
  /** References of rows that nobody named: they are here because they may be pruned. */
  readonly #others = new TextIndex();
  readonly #rows: Spool<StoredRow>;
  readonly #ids = new Numbers("wide");
  /** Row + 1 by the number of its reference, and by the row before it; 0 is none. */
  readonly #first = new Numbers();
  readonly #next = new Numbers();
  /** Rows of status New. */
  readonly #fresh = new Numbers();
  /** The number after that of the reference that was asked for last. */
  #following = 0;

  constructor(wanted: WantedReferences, rows: Spool<StoredRow>) {
    this.#wanted = wanted;
    this.#rows = rows;
  }

  /**
   * Keeps a row under its reference, whose number is that of a wanted one; left out: nobody has named it. One that
   * comes again takes the place of what it was before.
   */
  add(item: LiveQueueItem, reference: string, number = this.#wanted.size + this.#others.add(fold(reference))): void {
    this.#forget(number, item.id);
    const row = this.#rows.length;
    this.#rows.push(toStored(item));
    this.#ids.push(item.id);
    this.#next.push(this.#first.at(number));
    this.#first.set(number, row + 1);
    if (item.status === "New") this.#fresh.push(row);
  }

  under(reference: string): LiveQueueItem[] {
    if (this.#rows.length === 0) return [];
    // Who asks in the order in which references were wanted need not have them looked for: the row says whether it is his.
    if (this.#following > 0) {
      const found = this.#numbered(this.#following);
      if (found[0]?.reference === reference) {
        this.#following++;
        return found;
      }
    }
    const number = this.#numberOf(reference);
    this.#following = number === undefined ? 0 : number + 1;
    return number === undefined ? [] : this.#numbered(number);
  }

  /** Rows of status New under a prefix, by Id. */
  freshUnder(prefix: string): List<LiveQueueItem> {
    const under: number[] = [];
    for (let at = 0; at < this.#fresh.length; at++) {
      const row = this.#fresh.at(at);
      if (this.#ids.at(row) !== gone && hasPrefix(this.#row(row).reference ?? "", prefix)) under.push(row);
    }
    const sorted = Uint32Array.from(under).toSorted((a, b) => this.#ids.at(a) - this.#ids.at(b));
    return {
      length: sorted.length,
      [Symbol.iterator]: () => sorted.values().map((row) => this.#row(row)),
    };
  }

  [Symbol.dispose](): void {
    this.#rows[Symbol.dispose]();
  }

  #row(row: number): LiveQueueItem {
    return fromStored(this.#rows.at(row));
  }

  /** The rows under the reference of a number. */
  #numbered(number: number): LiveQueueItem[] {
    const found: LiveQueueItem[] = [];
    for (let row = this.#first.at(number); row > 0; row = this.#next.at(row - 1)) found.push(this.#row(row - 1));
    return found;
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
