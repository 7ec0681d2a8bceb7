import { measure } from "../measure.ts";
import { orchSync } from "../sides.ts";
import { writeManifest, type Format } from "../items.ts";
import { prepared, type Aim, type Scenario, type Side } from "../scenario.ts";

const nothing = "node -e 0";

function bareNode(cwd: string): Side {
  return { name: nothing, run: () => measure({ args: ["-e", "0"], cwd }) };
}

/** Start-up, which everybody waits for every time; and validation, which needs no server. */
export const startUps: readonly Scenario[] = [
  {
    name: "help",
    title: "orch-sync --help",
    size: "quick",
    rounds: 15,
    items: 1,
    aims: [{ against: nothing, ratio: 2.2 }],
    prepare: async (cwd) => prepared([{ name: "orch-sync", run: () => orchSync(["--help"], cwd) }, bareNode(cwd)]),
  },
  fromYaml(1, 15, [{ against: nothing, ratio: 6 }]),
  fromYaml(10_000, 5),
  fromSource("csv", 100_000),
  fromSource("csv", 1_000_000),
  fromSource("ndjson", 100_000),
];

function fromYaml(items: number, rounds: number, aims: readonly Aim[] = []): Scenario {
  return {
    name: `validate-yaml-${items}`,
    title: items === 1 ? "validate one manifest" : `validate ${items.toLocaleString("en")} items in YAML`,
    size: "quick",
    rounds,
    items,
    aims,
    prepare: async (cwd) => {
      await writeManifest(cwd, items, "yaml");
      return prepared([validate(cwd), bareNode(cwd)]);
    },
  };
}

/** Rows of a file, which should need little memory however many there are. */
function fromSource(format: Format, items: number): Scenario {
  return {
    name: `validate-${format}-${items}`,
    title: `validate ${items.toLocaleString("en")} rows of ${format.toUpperCase()}`,
    size: "default",
    rounds: items > 100_000 ? 1 : 3,
    items,
    ...(format === "csv" ? { growth: "validate" } : {}),
    peakAim: 256,
    prepare: async (cwd) => {
      await writeManifest(cwd, items, format);
      return prepared([validate(cwd)]);
    },
  };
}

function validate(cwd: string): Side {
  return { name: "orch-sync", run: () => orchSync(["validate", "bench.yaml"], cwd) };
}
