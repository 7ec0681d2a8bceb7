import type { Action } from "./change.ts";
import type { Fault } from "./fault.ts";
import type { JsonObject } from "./json.ts";
import type { Key } from "./resource.ts";
import type { SourceSpan } from "./source.ts";

/** How one change ended. Together they always add up to the plan's pending changes. */
export const outcomeStatuses = ["applied", "already-done", "failed", "skipped", "unknown"] as const;
export type OutcomeStatus = (typeof outcomeStatuses)[number];

/** Output arguments of a job, as far as they are JSON: what a robot says, without the secrets that this run has sent. */
interface JobOutputs {
  readonly job: number;
  readonly arguments: JsonObject;
}

/** `unknown`: a write was sent, its answer was lost, and looking did not tell: it is never guessed. */
export type Ending =
  | {
      readonly status: "applied" | "already-done";
      readonly ids?: readonly number[];
      readonly note?: string;
      readonly outputs?: readonly JobOutputs[];
    }
  | {
      readonly status: "failed";
      readonly fault?: Fault;
      readonly note: string;
      readonly ids?: readonly number[];
      /** True: a run of which nothing goes on any more. Another attempt would not be beside it. */
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
  /** Calls that it took part in: that of a batch counts for each change in it. */
  readonly calls: number;
  /** What the server calls those of them that did not go well. */
  readonly traceIds?: readonly string[];
  readonly source?: SourceSpan;
  /** Why the run that was started or attached to was not waited for any longer: it goes on. */
  readonly leftRunning?: LeftRunning;
  /** Where it was left because it could not be looked at any longer: the last look. */
  readonly unreadable?: Fault;
};

/** `unreadable`: look after look failed. */
export type LeftRunning = "timeout" | "interrupted" | "unreadable";

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
