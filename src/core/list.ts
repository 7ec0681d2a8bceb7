/**
 * Values in their order, to be gone through as often as needed: an array, or a file that holds more than memory should.
 * `for of` and `Iterator.from(list)` hold one value at a time; `[...list]` holds them all.
 */
export interface List<T> extends Iterable<T> {
  readonly length: number;
}

/**
 * A list that is being made: values are added at its end, and each can be had by its number. They are JSON, with
 * `SecretValue`s in it, and what was added is not changed any more: it may have gone to a file.
 */
export interface Spool<T> extends List<T>, Disposable {
  push(value: T): void;
  /** @throws RangeError for a number that no value has. */
  at(index: number): T;
  /** All of it, when nothing is added any more: a plain array where it is small. */
  done(): List<T>;
  /** The values in order, each as the text that its spelling has for it where it is in a file so. */
  spelled?(): Iterable<T | string>;
  /** What a spelling has written; undefined where nothing is in a file. */
  written?(): Written<T> | undefined;
  /** Bytes of the longest of those texts; undefined where a value is not kept so. */
  readonly longest?: number | undefined;
}

/** Values in a file, to be gone through without making them again. Bytes are good until the next ones are asked for. */
export interface Written<T> {
  /** The bytes of their texts, of many at once; between them values that are not kept so. */
  readonly texts: Iterable<T | Uint8Array>;
  /** The bytes of what is kept beside each of them. */
  readonly beside: Iterable<Uint8Array>;
}

/** How values are written where they go to a file: a text that is needed later anyway need not be made again. */
export interface Spelling<T> {
  spell(value: T): Spelled;
  value(text: string): T;
}

interface Spelled {
  /** Undefined for a value of which the text would not tell all. It begins with `{`. */
  readonly text: string | undefined;
  /** What else somebody needs of all values. */
  readonly beside: string;
}

/** Makes an empty spool; where its values go is not the concern of who fills it. */
export type MakeSpool = <T>(spelling?: Spelling<T>) => Spool<T>;

/** A spool that is nothing but an array. */
export function memorySpool<T>(): Spool<T> {
  const values: T[] = [];
  return {
    get length() {
      return values.length;
    },
    push: (value) => void values.push(value),
    at(index) {
      const value = values[index];
      if (value === undefined) throw new RangeError(`there is no value ${index} among ${values.length}`);
      return value;
    },
    done: () => values,
    [Symbol.iterator]: () => values.values(),
    [Symbol.dispose]: () => undefined,
  };
}
