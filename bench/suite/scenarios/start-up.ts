import { measure } from "../measure.ts";
import { orchSync } from "../sides.ts";
import { writeManifest } from "../items.ts";
import type { Scenario, Side } from "../scenario.ts";

const nothing = "node -e 0";

function bareNode(cwd: string): Side {
  return { name: nothing, run: () => measure({ args: ["-e", "0"], cwd }) };
}

/** Start-up: what everybody waits for, every time. */
export const startUps: readonly Scenario[] = [
  {
    name: "help",
    title: "orch-sync --help",
    size: "quick",
    rounds: 15,
    items: 1,
    aims: [{ against: nothing, ratio: 2.2 }],
    prepare: async (cwd) => ({
      sides: [{ name: "orch-sync", run: () => orchSync(["--help"], cwd) }, bareNode(cwd)],
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  },
  validation(1, "quick", 15, [{ against: nothing, ratio: 6 }]),
  validation(10_000, "quick", 5),
];

/** Validation of rows, which should need little memory however many there are. */
export const validations: readonly Scenario[] = [100_000, 1_000_000].map((items) => ({
  name: `validate-csv-${items}`,
  title: `validate ${items.toLocaleString("en")} rows of CSV`,
  size: items > 100_000 ? "full" : "default",
  rounds: 3,
  items,
  growth: "validate",
  peakAim: 256,
  prepare: async (cwd) => {
    await writeManifest(cwd, items, "csv");
    return {
      sides: [{ name: "orch-sync", run: () => orchSync(["validate", "bench.yaml"], cwd) }],
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
}));

function validation(items: number, size: Scenario["size"], rounds: number, aims: Scenario["aims"] = []): Scenario {
  return {
    name: `validate-yaml-${items}`,
    title: items === 1 ? "validate one manifest" : `validate ${items.toLocaleString("en")} items in YAML`,
    size,
    rounds,
    items,
    aims,
    prepare: async (cwd) => {
      await writeManifest(cwd, items, "yaml");
      return {
        sides: [{ name: "orch-sync", run: () => orchSync(["validate", "bench.yaml"], cwd) }, bareNode(cwd)],
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    },
  };
}
