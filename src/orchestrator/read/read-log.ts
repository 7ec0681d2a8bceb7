import type { ReadLine, ReadWay } from "../../core/reads.ts";

type Counted = { -readonly [Name in keyof ReadLine]: ReadLine[Name] };

/** What a reading does, line by line: for `plan --explain`, never for decisions. */
export class ReadLog {
  readonly #lines: Counted[] = [];
  /** References that are wanted. */
  references = 0;
  /** Rows of the queue, by its statistics. */
  live: number | undefined;

  /** A way that is begun: it counts its own calls and rows. */
  begin(way: ReadWay, query: string, perCall?: number): RunningRead {
    const known = this.#lines.find((line) => line.role === "chosen" && line.way === way && line.query === query);
    const line: Counted = known ?? {
      role: "chosen",
      way,
      query,
      ...(perCall === undefined ? {} : { perCall }),
      calls: 0,
      rows: 0,
    };
    if (known === undefined) this.#lines.push(line);
    return {
      call: () => void line.calls++,
      got: (rows) => void (line.rows = (line.rows ?? 0) + rows),
      leave: (rows) => {
        line.role = "tried";
        if (rows === undefined) delete line.rows;
        else line.rows = rows;
      },
      refuse: () => {
        line.role = "refused";
        delete line.rows;
      },
    };
  }

  /** What would have done as well, at a price. */
  instead(line: Omit<ReadLine, "role">): void {
    this.#lines.push({ role: "instead", ...line });
  }

  get lines(): readonly ReadLine[] {
    const order = ["chosen", "tried", "refused", "instead"];
    return this.#lines
      .filter((line) => line.calls > 0)
      .toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  }
}

export interface RunningRead {
  call(): void;
  got(rows: number): void;
  /** It is given up for something cheaper; `rows`: how many it would have given, if known. */
  leave(rows: number | undefined): void;
  /** The server does not take it. */
  refuse(): void;
}
