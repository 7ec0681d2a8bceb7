import type { JsonPrimitive } from "../../core/json.ts";
import type { JsonWithSecrets } from "../../core/secret.ts";

export type JobStrategy =
  | { readonly type: "Dynamic"; readonly count: number }
  | { readonly type: "RobotCount" | "JobsCount"; readonly count: number }
  | { readonly type: "All" }
  | { readonly type: "Specific"; readonly robots: readonly string[] };

export type FinalJobState = "Successful" | "Faulted" | "Stopped";
export type JobState = FinalJobState | "Pending" | "Running" | "Stopping" | "Terminating" | "Suspended" | "Resumed";

/** How long an apply stays with the jobs that it started. Times in milliseconds. */
export interface JobWait {
  readonly until: "none" | "started" | "completed";
  readonly timeout: number;
  readonly success: readonly FinalJobState[];
  /** What a suspended job counts as. Left out: it is waited for. */
  readonly whenSuspended?: "succeed" | "fail";
}

/** Where jobs run, and as whom: at least one of the two. */
export interface JobMachine {
  readonly machine?: string;
  readonly account?: string;
}

/** New attempts of one apply, once the jobs of the one before have ended badly. */
export interface JobRetries {
  readonly limit: number;
  /** Milliseconds. */
  readonly backoff: number;
}

/** What a `Job` manifest says, normalised. What is left out is not sent. */
export interface JobSpec {
  /** The release's name in the folder, or its key. */
  readonly process: { readonly name: string } | { readonly key: string };
  readonly strategy: JobStrategy;
  readonly inputArguments?: Readonly<Record<string, JsonWithSecrets>>;
  /** The run key of an attempt that a saved plan shows: it is due once the one before it is over. */
  readonly plannedRun?: string;
  readonly run: "once" | "onChange" | "always" | "never";
  readonly rerunOn: { readonly processVersion: boolean; readonly values: Readonly<Record<string, JsonPrimitive>> };
  readonly onPreviousFailure: "fail" | "rerun" | "skip";
  /** From this instant on nothing is started: a missing job counts as purged. */
  readonly startUntil?: string;
  readonly wait: JobWait;
  /** A name, or a value from 1 to 100. */
  readonly priority?: "High" | "Normal" | "Low" | number;
  readonly runtimeType?: string;
  readonly entryPoint?: string;
  readonly environmentVariables?: Readonly<Record<string, string>>;
  readonly machines?: readonly JobMachine[];
  readonly runAsMe?: boolean;
  readonly requiresUserInteraction?: boolean;
  /** Seconds, as the server enforces them. */
  readonly stopAfter?: number;
  readonly killAfter?: number;
  /** What other jobs of the process that are not over mean for a start. Left out: nothing. */
  readonly concurrency?: "forbid" | "stopOthers";
  /** Left out: none. */
  readonly retries?: JobRetries;
}
