type TypedArray = Float64Array | Uint32Array;

/** Numbers by their place, in four or eight bytes each; a place that nobody has set has 0. */
export class Numbers {
  #values: TypedArray;
  length = 0;

  /** `wide`: any number; left out: whole ones up to 2 to the power of 32. */
  constructor(width?: "wide") {
    this.#values = width === "wide" ? new Float64Array(256) : new Uint32Array(256);
  }

  push(value: number): void {
    this.set(this.length, value);
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) this.#grow(index + 1);
    if (index >= this.length) this.length = index + 1;
    this.#values[index] = value;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  #grow(least: number): void {
    let size = this.#values.length;
    while (size < least) size *= 2;
    const grown = this.#values instanceof Float64Array ? new Float64Array(size) : new Uint32Array(size);
    grown.set(this.#values);
    this.#values = grown;
  }
}
