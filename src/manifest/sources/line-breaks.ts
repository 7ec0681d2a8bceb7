const [lf, cr] = [10, 13];

/** Tells lines from offsets while a file streams past: LF, CRLF and CR end a line, as editors see it. */
export class LineBreaks {
  /** Where line breaks begin, and where the lines behind them do; those before `#next` are counted in `#line`. */
  #starts: number[] = [];
  #ends: number[] = [];
  #next = 0;
  #line = 1;
  /** A CR at the end of a chunk: the LF of the next one may belong to it. */
  #openCr = false;

  /** Takes note of the next bytes of the file. */
  add(bytes: Buffer, from: number): void {
    this.#starts = this.#starts.slice(this.#next);
    this.#ends = this.#ends.slice(this.#next);
    this.#next = 0;
    if (this.#openCr) this.#break(from - 1, bytes[0] === lf ? from + 1 : from);
    const first = this.#openCr && bytes[0] === lf ? 1 : 0;
    this.#openCr = false;
    let nextCr = bytes.indexOf(cr, first);
    for (let at = bytes.indexOf(lf, first); at >= 0; at = bytes.indexOf(lf, at + 1)) {
      for (; nextCr >= 0 && nextCr < at - 1; nextCr = bytes.indexOf(cr, nextCr + 1))
        this.#break(from + nextCr, from + nextCr + 1);
      const isPair = nextCr === at - 1 && nextCr >= 0;
      this.#break(from + at - Number(isPair), from + at + 1);
      if (isPair) nextCr = bytes.indexOf(cr, at + 1);
    }
    for (; nextCr >= 0; nextCr = bytes.indexOf(cr, nextCr + 1)) {
      if (nextCr === bytes.length - 1) this.#openCr = true;
      else this.#break(from + nextCr, from + nextCr + 1);
    }
  }

  /** The line at an offset, or the first one behind it that is not blank. Offsets never go back. */
  seek(offset: number): { readonly offset: number; readonly line: number } {
    while ((this.#ends[this.#next] ?? Infinity) <= offset) this.#pass();
    let at = offset;
    while (this.#starts[this.#next] === at) at = this.#pass();
    return { offset: at, line: this.#line };
  }

  #break(start: number, end: number): void {
    this.#starts.push(start);
    this.#ends.push(end);
  }

  #pass(): number {
    this.#line++;
    return this.#ends[this.#next++] ?? 0;
  }
}
