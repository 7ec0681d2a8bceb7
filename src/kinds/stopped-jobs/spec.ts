import type { JobState } from "../job/spec.ts";

/** What a `StoppedJobs` manifest says, normalised: at least one of process, ids, reference is there. */
export interface StoppedJobsSpec {
  readonly select: JobSelection;
  readonly strategy: "SoftStop" | "Kill";
  /** Milliseconds after which what is still stopping is killed. Left out: never. */
  readonly escalateAfter?: number;
}

/** All conditions must hold. A type and no interface: planned settings carry it, and those are JSON. */
export type JobSelection = {
  readonly process?: string;
  readonly ids?: readonly number[];
  /** A job's `Reference`, compared by the server's rule. */
  readonly reference?: string;
  readonly states: readonly JobState[];
  readonly createdBefore?: string;
  /** Milliseconds. */
  readonly runningFor?: number;
};
