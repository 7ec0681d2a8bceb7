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
}

/** Makes an empty spool; where its values go is not the concern of who fills it. */
export type MakeSpool = <T>() => Spool<T>;

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
