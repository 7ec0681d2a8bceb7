import type { Outcome, OutcomeCounts } from "./outcome.ts";
import type { PlanTarget } from "./plan.ts";
import type { ResourceKey } from "./resource.ts";
import type { Timeline } from "./timeline.ts";

/** What an apply did, truthfully: the counts add up to the plan's pending changes, always. */
export interface ApplyReport {
  readonly planId: string;
  readonly target: PlanTarget;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly calls: number;
  readonly counts: OutcomeCounts;
  /** Those that had pending changes, in the plan's order. */
  readonly resources: readonly ResourceReport[];
  readonly outcomes: readonly Outcome[];
  /** Why it ended early, if it did. */
  readonly interrupted?: "signal" | "timeout";
  /** True when a wait for a run ran out of time. */
  readonly waitTimedOut: boolean;
  /** True when a change did not succeed and `--on-error halt` let nothing more begin. */
  readonly halted?: true;
  /** When what was done. Left out where nothing began, and by versions before it was kept. */
  readonly timeline?: Timeline;
}

/** What became of one resource. */
export interface ResourceReport {
  readonly key: ResourceKey;
  readonly counts: OutcomeCounts;
  /** From its beginning to its end, its waits included; 0 where it never began. */
  readonly durationMs: number;
  readonly calls: number;
  /** What is to be said besides: jobs that came to match after the plan and were not touched. */
  readonly note?: string;
}
