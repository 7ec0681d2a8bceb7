import type { JobState } from "../job/spec.ts";

/** What a `StoppedJobs` manifest says, normalised: at least one of process, ids, reference is there. */
export interface StoppedJobsSpec {
  readonly select: {
    readonly process?: string;
    readonly ids?: readonly number[];
    /** A job's `Reference`, compared by the server's rule. */
    readonly reference?: string;
    readonly states: readonly JobState[];
    readonly createdBefore?: string;
    /** Milliseconds. */
    readonly runningFor?: number;
  };
  readonly strategy: "SoftStop" | "Kill";
}
