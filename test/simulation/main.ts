// `npm run chaos -- --runs N --seed S [--only RUN] [--sabotage NAME] [--processes]`: see docs/chaos.md.
import { parseArgs } from "node:util";
import { judge } from "../checker/judge.ts";
import { campaign, summary } from "./campaign.ts";
import { runProcesses } from "./processes.ts";
import { runOnce } from "./run.ts";
import { sabotages } from "./sabotage.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    only: { type: "string" },
    sabotage: { type: "string" },
    processes: { type: "boolean", default: false },
  },
});

const sabotage = values.sabotage === undefined ? {} : sabotages[values.sabotage];
if (sabotage === undefined) {
  console.error(`--sabotage is one of ${Object.keys(sabotages).join(", ")}`);
  process.exit(64);
}

if (values.only === undefined) {
  const begun = performance.now();
  const tally = await campaign({
    seed: values.seed,
    from: Number(values.from),
    runs: Number(values.runs),
    sabotage,
    processes: values.processes,
    // One is enough to know that a fault that was built in is found.
    onRun: (_, { violations }) => values.sabotage !== undefined && violations.length > 0,
  });
  console.log(summary(tally, values.seed, (performance.now() - begun) / 1000));
  process.exitCode = tally.violations.length > 0 ? 1 : 0;
} else {
  const seed = `${values.seed}/${values.only}`;
  const result = await (values.processes ? runProcesses(seed) : runOnce(seed, sabotage));
  const { violations, inherent } = judge(result.evidence);
  console.log(result.scenario.manifests);
  console.log(JSON.stringify({ edition: result.scenario.edition, faults: result.scenario.faults }, undefined, 2));
  console.log(result.log.join("\n"));
  for (const text of inherent) console.log(`inherent: ${text}`);
  for (const text of violations) console.log(`violation: ${text}`);
  if (violations.length === 0) console.log("no violations");
  process.exitCode = violations.length > 0 ? 1 : 0;
}
