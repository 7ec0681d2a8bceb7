import { isPending, type Change } from "../../core/change.ts";
import { countOutcomes, type Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { ApplyReport } from "../../core/report.ts";

/** The report on a plan that was refused or declined before anything was sent: all that it would have done is skipped. */
export function notApplied(plan: Plan, note: string, at: Date): ApplyReport {
  const pending = plan.resources.flatMap(({ changes }) => Iterator.from(changes).filter(isPending).toArray());
  const outcomes = pending.map((change) => skipped(change, note));
  return {
    planId: plan.id,
    target: plan.target,
    startedAt: at.toISOString(),
    durationMs: 0,
    calls: 0,
    counts: countOutcomes(outcomes),
    outcomes,
    waitTimedOut: false,
  };
}

function skipped({ key, action, label, source }: Change, note: string): Outcome {
  const outcome = { key, action, label, status: "skipped", note, durationMs: 0 } as const;
  return source === undefined ? outcome : { ...outcome, source };
}
