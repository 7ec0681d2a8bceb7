type Page = Float64Array | Uint32Array;

const pageBits = 12;
const pageLength = 1 << pageBits;

/**
 * Numbers by their place, in four or eight bytes each; a place that nobody has set has 0. In pages: an array that grew
 * would leave as much behind as it takes.
 */
export class Numbers {
  readonly #pages: Page[] = [];
  readonly #isWide: boolean;
  length = 0;

  /** `wide`: any number; left out: whole ones below 2 to the power of 32. */
  constructor(width?: "wide") {
    this.#isWide = width === "wide";
  }

  push(value: number): void {
    this.set(this.length, value);
  }

  set(index: number, value: number): void {
    while (index >= this.#pages.length * pageLength) {
      this.#pages.push(this.#isWide ? new Float64Array(pageLength) : new Uint32Array(pageLength));
    }
    if (index >= this.length) this.length = index + 1;
    const page = this.#pages[index >>> pageBits];
    if (page !== undefined) page[index & (pageLength - 1)] = value;
  }

  at(index: number): number {
    return this.#pages[index >>> pageBits]?.[index & (pageLength - 1)] ?? 0;
  }
}
