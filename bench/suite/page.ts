import type { Results } from "./results.ts";
import type { ScenarioResult } from "./run.ts";
import { callsOf, exponentOf, limitsOf, memoryOf, ratioOf, timeOf } from "./words.ts";

const head = `# Performance

<!-- Made of bench/results.json by \`npm run generate\`: change bench/suite/page.ts instead. -->

Speed is a promise only when anybody can measure it:

\`\`\`
npm run bench                       # every scenario but the largest, about 20 minutes
npm run bench -- --quick            # a minute
npm run bench -- --full             # a million items, too
npm run bench -- --scenario plan    # those whose name begins so: plan-1000-0, …
\`\`\`

\`--json FILE\` keeps the results ([schema](../bench/results.schema.json)), \`--profile\` leaves a CPU profile of every run of
orch-sync in \`reports/\`. \`--budget\` takes the ratios as those that hold from now on: \`bench/budget.json\`. Every run tells
which ratio is worse than there by more than a quarter. A scenario that fails says so, and the others go on.

## How to read it

Every run is a whole process, from its start to its end, against an embedded Orchestrator in a process of its own, on
one machine that should have nothing else to do. Seconds differ from machine to machine, ratios hardly do: rounds take
turns (A B A B), and a ratio is the middle one of all rounds. Memory is the most that the process held (VmHWM, Linux
alone). Calls are counted by the Orchestrator's request log; the aim for them is the fewest that the work can be done
with, 2 % and three calls. Lists have 1,000 items, where a million are live 100.

- **bare client**: \`bench/suite/rivals/bare-client.mjs\`, less than 80 lines. It reads the same source with the same
  parser, sends the same calls, as many at a time, parses the answers and keeps nothing: what is above it is what plan,
  journal, checks and report cost.
- **uipath-orchestrator**, **uipath-orchestrator-api-node**: packages from npm, one item a call, as scripts do it today.
  They are compared when \`npm run test:foreign\` has installed them.
- **bulk calls of 100**: the bare client as the PowerShell module does it.
- **node -e 0**: Node, doing nothing.
`;

/** docs/performance.md, of nothing but the results. */
export function performancePage(results: Results): string {
  const { machine, at, commit, options, scenarios, failures } = results;
  return `${head}
## The last run

${at.slice(0, 10)}, ${commit}, \`npm run bench${options === "" ? "" : ` -- ${options}`}\`: ${machine.processors} × ${machine.model}, ${machine.memory} GiB, Node ${machine.node}, ${machine.platform}.${busy(machine.load)}

![Time against the bare client](performance/ratios.svg)

| what | who | seconds | memory | calls | orch-sync's ratio |
| --- | --- | --- | --- | --- | --- |
${scenarios.flatMap(rowsOf).join("\n")}

### Limits

| what | limits |
| --- | --- |
${scenarios.flatMap(limitsRow).join("\n")}
${growthPart(results)}${failures.length === 0 ? "" : `\nFailed: ${failures.map(({ title }) => title).join("; ")}.\n`}`;
}

/** A machine with other work to do measures that work. */
function busy(load: number): string {
  if (load < 1) return "";
  return `\n\n**In the minute before, the machine had other work to do (a load of ${load.toFixed(1)}).**`;
}

/** A row for each side. */
function rowsOf({ title, sides, ratios, rounds }: ScenarioResult): string[] {
  return sides.map((side, index) => {
    const ratio = ratios[index - 1];
    const cells = [timeOf(side), memoryOf(side), callsOf(side), ratio === undefined ? "" : ratioOf(ratio)];
    return `| ${index === 0 ? `${title} (${rounds}×)` : ""} | ${side.name} | ${cells.join(" | ")} |`;
  });
}

function limitsRow(scenario: ScenarioResult): string[] {
  const limits = limitsOf(scenario);
  return limits.length === 0 ? [] : [`| ${scenario.title} | ${limits.join(", ")} |`];
}

function growthPart({ growth }: Results): string {
  if (growth.length === 0) return "";
  const rows = growth.map(({ name, sizes, time, memory, timeAim }) => {
    const missed = time > timeAim ? ", missed" : "";
    const cells = [
      name,
      sizes.map((size) => size.toLocaleString("en")).join(", "),
      `${exponentOf(time)} (aim ${exponentOf(timeAim)}${missed})`,
      exponentOf(memory),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return `
### Growth

Time and memory against size, from ten thousand items on: the exponent that fits best, 1 is linear.

| what | items | time | memory |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}
