import type { Action } from "./change.ts";
import type { Fault } from "./fault.ts";
import type { Key } from "./resource.ts";
import type { SourceSpan } from "./source.ts";

/** How one change ended. Together they always add up to the plan's pending changes. */
export const outcomeStatuses = ["applied", "already-done", "failed", "skipped", "unknown"] as const;
export type OutcomeStatus = (typeof outcomeStatuses)[number];

/** `unknown`: a write was sent, its answer was lost, and looking did not tell: it is never guessed. */
export type Ending =
  | { readonly status: "applied" | "already-done"; readonly ids?: readonly number[]; readonly note?: string }
  | {
      readonly status: "failed";
      readonly fault?: Fault;
      readonly note: string;
      readonly ids?: readonly number[];
      readonly retriable?: true;
    }
  | { readonly status: "skipped"; readonly note: string; readonly ids?: readonly number[] }
  | {
      readonly status: "unknown";
      readonly fault: Fault;
      /** When the write was sent, ISO 8601. */
      readonly sentAt: string;
      /** From when on another apply may be sure to see what became of it, ISO 8601: the send plus the settle time. */
      readonly notBefore: string;
      readonly note: string;
      readonly ids?: readonly number[];
    };

export type Outcome = Ending & {
  readonly key: Key;
  readonly action: Action;
  readonly label: string;
  readonly durationMs: number;
  readonly source?: SourceSpan;
  /** Why the run that was started or attached to was not waited for any longer: it goes on. */
  readonly leftRunning?: "timeout" | "interrupted";
};

/** True for what may be built upon; also before anything was done. */
export function isSuccess(ending: Ending | undefined): boolean {
  return ending === undefined || ending.status === "applied" || ending.status === "already-done";
}

export type OutcomeCounts = Readonly<Record<OutcomeStatus, number>>;

export function countOutcomes(outcomes: readonly Pick<Outcome, "status">[]): OutcomeCounts {
  const counts: Record<OutcomeStatus, number> = { applied: 0, "already-done": 0, failed: 0, skipped: 0, unknown: 0 };
  for (const { status } of outcomes) counts[status]++;
  return counts;
}
