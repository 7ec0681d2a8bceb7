import { fold } from "../../core/fold.ts";
import { nearest } from "../../core/nearest.ts";
import type { Missing } from "../../kinds/live.ts";

/** A promise for each key, kept for the run; one that failed is asked for again. */
export class Once<Value> {
  readonly #promises = new Map<string | number, Promise<Value>>();

  async get(key: string | number, read: () => Promise<Value>): Promise<Value> {
    const known = this.#promises.get(key);
    if (known !== undefined) return known;
    const reading = read();
    this.#promises.set(key, reading);
    reading.catch(() => this.#promises.delete(key));
    return reading;
  }

  /** A value that needs no reading (any more). */
  keep(key: string | number, value: Value): void {
    this.#promises.set(key, Promise.resolve(value));
  }
}

/** The entry that the server would take for `wanted`, or a miss with the name that may have been meant. */
export function byName<Entry>(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
  wanted: string,
): Entry | Missing {
  const found = entries.find((entry) => fold(nameOf(entry)) === fold(wanted));
  return found ?? miss(wanted, entries.map(nameOf));
}

export function miss(wanted: string, names: readonly string[]): Missing {
  const near = nearest(wanted, names);
  return near === undefined ? { missing: wanted } : { missing: wanted, nearest: near };
}
