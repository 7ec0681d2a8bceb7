// Runs orch-sync and its rivals side by side: `npm run bench -- [--quick | --full | --scenario NAME | --json FILE |
// --budget]`, after `npm run build`. See docs/performance.md.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { budgetOf, overBudget } from "./suite/budget.ts";
import { resultsOf } from "./suite/results.ts";
import { runScenario, type ScenarioResult } from "./suite/run.ts";
import type { Scenario, Size } from "./suite/scenario.ts";
import { applies } from "./suite/scenarios/apply.ts";
import { plans } from "./suite/scenarios/plan.ts";
import { startUps, validations } from "./suite/scenarios/start-up.ts";
import { others } from "./suite/scenarios/work.ts";
import { growthText, scenarioText } from "./suite/table.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    /** Those whose name begins so. */
    scenario: { type: "string" },
    /** Where the results go besides. */
    json: { type: "string" },
    /** Takes the ratios of this run as what holds from now on. */
    budget: { type: "boolean", default: false },
  },
});

const sizes: Readonly<Record<Size, readonly Size[]>> = {
  quick: ["quick"],
  default: ["quick", "default"],
  full: ["quick", "default", "full"],
};
const size: Size = values.quick ? "quick" : values.full ? "full" : "default";
const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

function isWanted(scenario: Scenario): boolean {
  if (values.scenario !== undefined) return scenario.name.startsWith(values.scenario);
  return sizes[size].includes(scenario.size);
}

const wanted = [...startUps, ...validations, ...plans, ...applies, ...others].filter(isWanted);
if (wanted.length === 0) throw new Error(`no scenario begins with ${values.scenario}`);
const done: ScenarioResult[] = [];
for (const scenario of wanted) {
  const result = await runScenario(scenario);
  done.push(result);
  process.stdout.write(`${scenarioText(result)}\n`);
}
const results = resultsOf(done);
process.stdout.write(growthText(results));
for (const line of overBudget(done)) process.stdout.write(`${line}\n`);
const text = `${JSON.stringify(results, null, 2)}\n`;
if (values.json !== undefined) writeFileSync(values.json, text);
if (values.budget) writeFileSync(path("bench/budget.json"), `${JSON.stringify(budgetOf(done), null, 2)}\n`);
if (values.scenario === undefined && !values.quick) {
  writeFileSync(path("bench/results.json"), text);
  process.stdout.write("bench/results.json is written; `npm run generate` makes docs/performance.md of it\n");
}
