/** What spools hold in memory together, in bytes as far as anybody knows. */
export class SharedRoom {
  readonly #bytes: number;
  #taken = 0;
  readonly #forgotten = new FinalizationRegistry<Share>((share) => this.giveBack(share));

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get isFull(): boolean {
    return this.#taken > this.#bytes;
  }

  /** The share of a spool, which is given back when nobody has that any more. */
  shareOf(spool: object): Share {
    const share = { size: 0 };
    this.#forgotten.register(spool, share);
    return share;
  }

  take(share: Share, size: number): void {
    share.size += size;
    this.#taken += size;
  }

  giveBack(share: Share): void {
    this.#taken -= share.size;
    share.size = 0;
  }
}

/** How much of it one of them takes, in bytes. */
export interface Share {
  size: number;
}
