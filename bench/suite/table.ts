import type { Results } from "./results.ts";
import type { ScenarioResult } from "./run.ts";
import { callsOf, exponentOf, limitsOf, memoryOf, ratioOf, timeOf } from "./words.ts";

/** A scenario for a terminal: a line for each side, orch-sync's ratio to each rival behind it. */
export function scenarioText(result: ScenarioResult): string {
  const { title, rounds, sides, ratios } = result;
  const lines = sides.map((side, index) => {
    const ratio = ratios[index - 1];
    const cells = [timeOf(side).padEnd(24), memoryOf(side).padStart(9), callsOf(side).padStart(8)];
    return `  ${side.name.padEnd(30)}${cells.join("")}${ratio === undefined ? "" : `   ratio ${ratioOf(ratio)}`}`;
  });
  const limits = limitsOf(result);
  const head = `${title}, ${rounds} ${rounds === 1 ? "round" : "rounds"}`;
  return `${[head, ...lines, ...(limits.length === 0 ? [] : [`  ${limits.join(", ")}`])].join("\n")}\n`;
}

export function growthText({ growth }: Pick<Results, "growth">): string {
  return growth
    .map(
      ({ name, time, memory }) =>
        `${name}: time grows with size to the power of ${exponentOf(time)}, memory ${exponentOf(memory)}\n`,
    )
    .join("");
}
