// Runs orch-sync and its rivals side by side: `npm run bench -- [--quick | --full | --scenario NAME] [--json FILE]
// [--budget] [--profile]`. See docs/performance.md.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { budgetOf, overBudget, readBudget } from "./suite/budget.ts";
import { resultsOf, type Results } from "./suite/results.ts";
import { runScenario, type Failure, type ScenarioResult } from "./suite/run.ts";
import type { Scenario, Size } from "./suite/scenario.ts";
import { applies } from "./suite/scenarios/apply.ts";
import { plans } from "./suite/scenarios/plan.ts";
import { startUps } from "./suite/scenarios/start-up.ts";
import { others } from "./suite/scenarios/work.ts";
import { growthText, scenarioText } from "./suite/table.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    /** The one of that name, and those whose name goes on with a dash. */
    scenario: { type: "string" },
    /** Where the results go besides; what is done so far is there whenever it is looked at. */
    json: { type: "string" },
    /** Takes the ratios of this run as what holds from now on. */
    budget: { type: "boolean", default: false },
    /** Leaves a CPU profile of each run of orch-sync in reports/. */
    profile: { type: "boolean", default: false },
  },
});

const parts: Readonly<Record<Size, readonly Size[]>> = {
  quick: ["quick"],
  default: ["quick", "default"],
  full: ["quick", "default", "full"],
};
const part: Size = values.quick ? "quick" : values.full ? "full" : "default";
const options = values.scenario === undefined ? `--${part}` : `--scenario ${values.scenario}`;

function isWanted({ name, size }: Scenario): boolean {
  return values.scenario === undefined ? parts[part].includes(size) : `${name}-`.startsWith(`${values.scenario}-`);
}

const wanted = [...startUps, ...plans, ...applies, ...others].filter(isWanted);
if (wanted.length === 0) throw new Error(`no scenario has the name ${values.scenario}`);
const done: ScenarioResult[] = [];
const failures: Failure[] = [];

function keep(): Results {
  const results = resultsOf(options === "--default" ? "" : options, done, failures);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  return results;
}

for (const scenario of wanted) {
  try {
    const result = await runScenario(scenario);
    done.push(result);
    process.stdout.write(`${scenarioText(result)}\n`);
  } catch (error) {
    const { name, title } = scenario;
    const message = error instanceof Error ? error.message : String(error);
    failures.push({ name, title, message });
    process.stdout.write(`${title}\n  failed: ${message}\n\n`);
  }
  keep();
}
process.stdout.write(growthText(keep()));
for (const line of overBudget(done, readBudget())) process.stdout.write(`${line}\n`);
if (values.budget) {
  const file = fileURLToPath(new URL("budget.json", import.meta.url));
  writeFileSync(file, `${JSON.stringify({ ...readBudget(), ...budgetOf(done) }, null, 2)}\n`);
}
if (failures.length > 0) {
  process.stdout.write(`failed: ${failures.map(({ name }) => name).join(", ")}\n`);
  process.exitCode = 1;
}
