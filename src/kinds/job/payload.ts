import type { SecretText } from "../../core/secret.ts";
import type { FinalJobState } from "./spec.ts";

/** What a start sends; the gateway turns it into the version's `StartProcessDto`. */
export type JobStart = {
  /**
   * `NAME@once`, `NAME@HASH`, with `#2`, `#3` … for later attempts; `NAME@` alone for `run: always`, which the
   * apply completes with 12 hex of the plan's SHA-256.
   */
  readonly runKey: string;
  readonly releaseKey: string;
  readonly process: string;
  readonly strategy:
    | { readonly type: "ModernJobsCount" | "JobsCount" | "RobotCount"; readonly count: number }
    | { readonly type: "All" }
    | { readonly type: "Specific"; readonly robotIds: readonly number[] };
  /** JSON text, at most 10,000 characters; secret as a whole when it holds a secret. */
  readonly inputArguments?: string | SecretText;
  readonly priority?: "High" | "Normal" | "Low" | number;
  readonly runtimeType?: string;
  readonly entryPoint?: string;
  /** `NAME=VALUE` lines. */
  readonly environmentVariables?: string;
  readonly machines?: readonly { readonly machineId?: number; readonly robotId?: number }[];
  readonly runAsMe?: boolean;
  readonly requiresUserInteraction?: boolean;
  /** Seconds. */
  readonly stopAfter?: number;
  readonly killAfter?: number;
};

/** A run in progress, or one that ended badly: what `wait` attaches to. */
export type JobRun = {
  readonly runKey: string;
  readonly jobIds: readonly number[];
  readonly states: readonly string[];
};

/** `settings` of a planned `Job` resource. */
export type JobSettings = {
  readonly releaseKey: string;
  readonly process: string;
  /** Jobs that a start is expected to create; null where only the server knows (strategy All). */
  readonly expected: number | null;
  readonly wait: {
    readonly until: "none" | "started" | "completed";
    readonly timeout: number;
    readonly success: readonly FinalJobState[];
    readonly whenSuspended?: "succeed" | "fail";
  };
  /** What other jobs of the process that are not over mean for a start. Left out: nothing. */
  readonly concurrency?: "forbid" | "stopOthers";
  /** Other attempts of one apply, once the jobs of a start ended badly. Left out: none. */
  readonly retries?: { readonly limit: number; readonly backoff: number };
};
