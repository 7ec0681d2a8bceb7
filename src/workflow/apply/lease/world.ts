import type { Clock } from "../../../core/clock.ts";
import { CancelledError, WaitTimeoutError } from "../../../core/errors.ts";
import type { LeaseQueue } from "../../../orchestrator/lease/lease-queue.ts";
import type { Emit } from "../../emit.ts";

/** Who applies: what others read when they find the lease taken. */
export interface Runner {
  /** Unique for each run. */
  readonly runId: string;
  /** `ana@laptop`, or a pipeline's user. */
  readonly owner: string;
  readonly runUrl?: string;
}

/** What taking and holding a lease needs. Times in milliseconds. */
export interface LeaseWorld {
  readonly queue: LeaseQueue;
  readonly reference: string;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly times: LeaseTimes;
  readonly emit: Emit;
  /** Aborts: the run is to end. What waits for the lease gives up. */
  readonly draining: AbortSignal;
  /** Aborts: stop at once. */
  readonly signal: AbortSignal;
}

export interface LeaseTimes {
  /** How long the lease holds without being renewed. */
  readonly ttl: number;
  /** How long one request may take. */
  readonly request: number;
  /** When a write without an answer counts as settled. */
  readonly settle: number;
  /** Between two looks at a lease that somebody else holds. */
  readonly poll: number;
  /** How long to wait for it. */
  readonly lockTimeout: number;
}

/** What to throw when the run was to end before it had the lease. */
export function givenUp({ draining }: Pick<LeaseWorld, "draining">): Error {
  return draining.reason === "timeout"
    ? new WaitTimeoutError("--timeout ran out before anything was written")
    : new CancelledError("interrupted before anything was written");
}
