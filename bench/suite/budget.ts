import { readFileSync } from "node:fs";
import type { ScenarioResult } from "./run.ts";

/** Ratios that hold today, by scenario and rival. */
export type Budget = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What may be lost to noise before it is told. */
const room = 1.25;

/** bench/budget.json. */
export function readBudget(): Budget {
  return JSON.parse(readFileSync(new URL("../budget.json", import.meta.url), "utf8")) as Budget;
}

/** What got worse by more than a quarter, a line each. */
export function overBudget(scenarios: readonly ScenarioResult[], budget: Budget): string[] {
  return scenarios.flatMap(({ name, ratios }) =>
    ratios.flatMap(({ against, median }) => {
      const held = budget[name]?.[against];
      if (held === undefined || median <= held * room) return [];
      return [`worse than the budget: ${name} against ${against}: ${median.toFixed(2)}, was ${held.toFixed(2)}`];
    }),
  );
}

/** The ratios of a run, as a budget. */
export function budgetOf(scenarios: readonly ScenarioResult[]): Budget {
  return Object.fromEntries(
    scenarios
      .filter(({ ratios }) => ratios.length > 0)
      .map(({ name, ratios }) => [
        name,
        Object.fromEntries(ratios.map(({ against, median }) => [against, Math.round(median * 100) / 100])),
      ]),
  );
}
