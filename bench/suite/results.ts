import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import type { Failure, ScenarioResult } from "./run.ts";
import { exponent } from "./statistics.ts";

/** One whole run of the benchmark. `bench/results.schema.json` describes it. */
export interface Results {
  readonly format: "orch-sync/bench/v1";
  /** ISO 8601. */
  readonly at: string;
  readonly commit: string;
  /** Which part of the benchmark it was: the options of `npm run bench`. */
  readonly options: string;
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    /** Gigabytes. */
    readonly memory: number;
    readonly node: string;
    readonly platform: string;
    /** How many processes wanted to run in the minute before the run: other work. */
    readonly load: number;
  };
  readonly scenarios: readonly ScenarioResult[];
  readonly growth: readonly Growth[];
  /** Scenarios that came to nothing. */
  readonly failures: readonly Failure[];
}

/** How orch-sync's time and memory grow with the number of items: exponents, 1 is linear. */
interface Growth {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly time: number;
  readonly memory: number;
  readonly timeAim: number;
}

const [load = 0] = loadavg();

/** From this size on growth is measured: below, the start of the process is most of it. */
const leastSize = 10_000;

export function resultsOf(
  options: string,
  scenarios: readonly ScenarioResult[],
  failures: readonly Failure[],
): Results {
  const [processor] = cpus();
  return {
    format: "orch-sync/bench/v1",
    at: new Date().toISOString(),
    commit: execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim(),
    options,
    machine: {
      processors: cpus().length,
      model: processor?.model.trim() ?? "",
      memory: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      load: Math.round(load * 10) / 10,
    },
    scenarios,
    growth: growthOf(scenarios),
    failures,
  };
}

function growthOf(scenarios: readonly ScenarioResult[]): Growth[] {
  const groups = Map.groupBy(scenarios, ({ growth }) => growth);
  return [...groups].flatMap(([name, members]): Growth[] => {
    const large = members.filter(({ items }) => items >= leastSize);
    if (name === undefined || large.length < 2) return [];
    const points = (of: (result: ScenarioResult) => number) =>
      large.map((result) => ({ size: result.items, figure: of(result) }));
    return [
      {
        name,
        sizes: large.map(({ items }) => items),
        time: exponent(points(({ sides }) => sides[0]?.seconds.median ?? Number.NaN)),
        memory: exponent(points(({ sides }) => sides[0]?.peak ?? Number.NaN)),
        timeAim: 1.05,
      },
    ];
  });
}
