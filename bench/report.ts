/** What one scenario gave in one run. */
export interface Measure {
  readonly name: string;
  readonly items: number;
  readonly requests: number;
  /** Against a server that answers constants of the same size. */
  readonly ratio: number;
}

interface Run {
  readonly measures: readonly Measure[];
  readonly memory: number | undefined;
}

/** Minimum, median and maximum of all runs, one line a scenario. */
export function table(runs: readonly Run[]): string {
  const names = runs[0]?.measures.map(({ name }) => name) ?? [];
  const lines = names.map((name, index) => {
    const measured = runs.flatMap(({ measures }) => measures[index] ?? []);
    const items = spread(measured.map((each) => each.items));
    const requests = spread(measured.map((each) => each.requests));
    const times = spread(
      measured.map((each) => 1000 / each.requests),
      2,
    );
    const ratio = spread(
      measured.map((each) => each.ratio),
      2,
    );
    return row(name, items, requests, times, ratio);
  });
  const memory = spread(runs.flatMap((run) => run.memory ?? []));
  const head = row("min / median / max of the runs", "items/s", "requests/s", "ms a request", "of constant server");
  return `${[head, ...lines].join("\n")}\npeak memory of the emulator (VmHWM): ${memory} MB\n`;
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(34) + cells.map((cell) => cell.padStart(27)).join("");
}

function spread(numbers: readonly number[], digits = 0): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  const format = new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const at = (part: number): string => format.format(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  return `${at(0)} / ${at(0.5)} / ${at(1)}`;
}
