import type { JobSelection } from "./spec.ts";

/** One job to stop. */
export type JobToStop = {
  readonly id: number;
  readonly process: string | null;
  readonly state: string;
  readonly creationTime: string;
};

/** `settings` of a planned `StoppedJobs` resource. */
export type StoppedJobsSettings = {
  readonly strategy: "SoftStop" | "Kill";
  /** A job that has left these states since the plan is no longer meant. */
  readonly states: readonly string[];
  /** Milliseconds after which what is still stopping is killed. Left out: never. */
  readonly escalateAfter?: number;
  /** What the plan looked for: an apply looks once more, for jobs that came to match. */
  readonly select?: JobSelection;
  /** The process by the server's name. */
  readonly process?: string;
};
