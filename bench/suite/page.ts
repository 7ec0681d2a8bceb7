import type { Results } from "./results.ts";
import { callsOf, exponentOf, memoryOf, peakAimOf, ratioOf, timeOf } from "./words.ts";

const head = `# Performance

<!-- Made of bench/results.json by \`npm run generate\`: change bench/suite/page.ts instead. -->

Speed is a promise only when anybody can measure it:

\`\`\`
npm run bench                       # about half an hour; writes bench/results.json, of which npm run generate makes this page
npm run bench -- --quick            # a few minutes; writes nothing
npm run bench -- --full             # a million items, too
npm run bench -- --scenario plan    # those whose name begins so
\`\`\`

## How to read it

Every run is a whole process, from its start to its end, against an embedded Orchestrator in a process of its own, on
one machine. Seconds differ from machine to machine, ratios hardly do: rounds take turns (A B A B), and a ratio is the
middle one of all rounds. Memory is the most that the process held (VmHWM, Linux alone). Calls are counted by the
Orchestrator's request log.

- **bare client**: \`bench/suite/rivals\`. It reads the same source with the same parser, sends the same calls, as many at
  a time, parses the answers and keeps nothing: what is above it is what plan, journal, checks and report cost.
- **uipath-orchestrator**, **uipath-orchestrator-api-node**: packages from npm, one item a call, as scripts do it today.
  They are compared when \`npm run test:foreign\` has installed them.
- **bulk calls of 100**: what the PowerShell module does.
- **node -e 0**: Node, doing nothing.
`;

/** docs/performance.md, of nothing but the results. */
export function performancePage(results: Results): string {
  const { machine, at, commit, scenarios, growth } = results;
  const rows = scenarios.flatMap(({ title, sides, ratios, rounds }) =>
    sides.map((side, index) => {
      const ratio = ratios[index - 1];
      const cells = [timeOf(side), memoryOf(side), callsOf(side), ratio === undefined ? "" : ratioOf(ratio)];
      return `| ${index === 0 ? `${title} (${rounds}×)` : ""} | ${side.name} | ${cells.join(" | ")} |`;
    }),
  );
  const peaks = scenarios.flatMap((scenario) => {
    const peak = peakAimOf(scenario);
    return peak === undefined ? [] : [`- ${scenario.title}: ${peak}`];
  });
  const powers = growth.map(
    ({ name, sizes, time, memory, timeAim }) =>
      `- ${name}, ${sizes.map((size) => size.toLocaleString("en")).join(" to ")} items: time grows with size to the power of ${exponentOf(time)} (aim ${exponentOf(timeAim)}), memory ${exponentOf(memory)}`,
  );
  return `${head}
## The last run

${at.slice(0, 10)}, ${commit}: ${machine.processors} × ${machine.model}, ${machine.memory} GiB, Node ${machine.node}, ${machine.platform}.

![Time against the bare client](performance/ratios.svg)

| what | who | seconds | memory | calls | orch-sync's ratio |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

${[...peaks, ...powers].join("\n")}
`;
}
