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
};
