import type { Evidence, Verdict } from "./evidence.ts";
import { foreignDeletes, foreignItems, itemsLost, itemsTwice, type Finding } from "./items.ts";
import { falseStatements } from "./reports.ts";
import { repeatedBlindly } from "./repeats.ts";
import { foreignStops, runsAgain, runsLost, runsTwice } from "./runs.ts";

/**
 * Judges a run by the table in docs/exactly-once.md: where its assumptions hold, everything happened once; where one
 * was broken, what happened twice was found and reported.
 */
export function judge(evidence: Evidence): Verdict {
  const { broken, converged } = evidence;
  const always = [
    ...(converged ? [] : ["the plan is not empty after all applies"]),
    ...itemsLost(evidence),
    ...runsLost(evidence),
    ...foreignItems(evidence),
    ...foreignDeletes(evidence),
    ...foreignStops(evidence),
    ...repeatedBlindly(evidence),
    ...falseStatements(evidence),
  ];
  const doubles = [...itemsTwice(evidence), ...runsTwice(evidence), ...runsAgain(evidence)];
  if (broken.length === 0) return { violations: [...always, ...doubles.map(({ text }) => text)], inherent: [] };
  const silent = doubles.filter((finding) => !isTold(finding, evidence));
  return {
    violations: [...always, ...silent.map(({ text }) => `${text}; nothing tells of it`)],
    inherent: doubles.length === 0 ? [] : broken,
  };
}

/** A later plan or a report names all copies that are left. */
function isTold({ ids }: Finding, { last, applies, after }: Evidence): boolean {
  const left = ids.filter((id) => !after.items.some((row) => row["Id"] === id && row["Status"] === "Deleted"));
  const told = JSON.stringify([last, applies.map(({ report }) => report)]);
  return left.length < 2 || left.every((id) => new RegExp(`\\b${id}\\b`).test(told));
}
