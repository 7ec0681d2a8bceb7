/** Time during which something went on, once or several times, in milliseconds since the beginning of a run. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** How often, where several that were near each other are one. */
  readonly times: number;
}

const most = 60;

/** Stretches in the order of their beginnings, never more than sixty: where there are more, near ones become one. */
export class Stretches {
  #all: Stretch[] = [];
  /** Those that are no further apart are one. */
  #gap = 0;

  add(fromMs: number, toMs: number): void {
    this.#all = joined([...this.#all, { fromMs, toMs, times: 1 }], this.#gap);
    while (this.#all.length > most) {
      this.#gap = Math.max(1, this.#gap * 2);
      this.#all = joined(this.#all, this.#gap);
    }
  }

  get all(): readonly Stretch[] {
    return this.#all;
  }
}

function joined(all: readonly Stretch[], gap: number): Stretch[] {
  const result: Stretch[] = [];
  for (const next of all.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last === undefined || next.fromMs > last.toMs + gap) result.push(next);
    else {
      const toMs = Math.max(last.toMs, next.toMs);
      result[result.length - 1] = { fromMs: last.fromMs, toMs, times: last.times + next.times };
    }
  }
  return result;
}
