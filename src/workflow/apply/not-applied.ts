import { isPending, type Change } from "../../core/change.ts";
import { countOutcomes, type Ending } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { ApplyReport } from "../../core/report.ts";
import { outcomeOf } from "./outcomes.ts";

/** The report on a plan that was refused or declined before anything was sent: all that it would have done is skipped. */
export function notApplied(plan: Plan, note: string, at: Date): ApplyReport {
  const ending: Ending = { status: "skipped", note };
  const resources = plan.resources.flatMap(({ key, changes }) => {
    const outcomes = Iterator.from(changes)
      .filter(isPending)
      .map((change: Change) => outcomeOf(change, ending))
      .toArray();
    return outcomes.length === 0 ? [] : [{ key, outcomes }];
  });
  const all = resources.flatMap(({ outcomes }) => outcomes);
  return {
    planId: plan.id,
    target: plan.target,
    startedAt: at.toISOString(),
    durationMs: 0,
    calls: 0,
    counts: countOutcomes(all),
    resources: resources.map(({ key, outcomes }) => ({
      key,
      counts: countOutcomes(outcomes),
      durationMs: 0,
      calls: 0,
    })),
    outcomes: all,
    waitTimedOut: false,
  };
}
