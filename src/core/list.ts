/**
 * Values in their order, to be gone through as often as needed: an array, or a file that holds more than memory should.
 * `for of` and `Iterator.from(list)` hold one value at a time; `[...list]` holds them all.
 */
export interface List<T> extends Iterable<T> {
  readonly length: number;
}
