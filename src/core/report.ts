import type { Outcome, OutcomeCounts } from "./outcome.ts";
import type { PlanTarget } from "./plan.ts";

/** What an apply did, truthfully: the counts add up to the plan's pending changes, always. */
export interface ApplyReport {
  readonly planId: string;
  readonly target: PlanTarget;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly calls: number;
  readonly counts: OutcomeCounts;
  readonly outcomes: readonly Outcome[];
  /** Why it ended early, if it did. */
  readonly interrupted?: "signal" | "timeout";
  /** True when a wait for a run ran out of time. */
  readonly waitTimedOut: boolean;
}
