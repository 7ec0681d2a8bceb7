import type { JsonPrimitive } from "../../core/json.ts";
import type { JsonWithSecrets } from "../../core/secret.ts";

export type JobStrategy =
  | { readonly type: "Dynamic"; readonly count: number }
  | { readonly type: "All" }
  | { readonly type: "Specific"; readonly robots: readonly string[] };

export type FinalJobState = "Successful" | "Faulted" | "Stopped";
export type JobState = FinalJobState | "Pending" | "Running" | "Stopping" | "Terminating" | "Suspended" | "Resumed";

/** How long an apply stays with the jobs that it started. Times in milliseconds. */
export interface JobWait {
  readonly until: "none" | "started" | "completed";
  readonly timeout: number;
  readonly success: readonly FinalJobState[];
}

/** What a `Job` manifest says, normalised. What is left out is not sent. */
export interface JobSpec {
  /** The release's name in the folder, or its key. */
  readonly process: { readonly name: string } | { readonly key: string };
  readonly strategy: JobStrategy;
  readonly inputArguments?: Readonly<Record<string, JsonWithSecrets>>;
  readonly run: "once" | "onChange" | "always" | "never";
  readonly rerunOn: { readonly processVersion: boolean; readonly values: Readonly<Record<string, JsonPrimitive>> };
  readonly onPreviousFailure: "fail" | "rerun" | "skip";
  /** From this instant on nothing is started: a missing job counts as purged. */
  readonly startUntil?: string;
  readonly wait: JobWait;
  readonly priority?: "High" | "Normal" | "Low";
  readonly runtimeType?: string;
  readonly runAsMe?: boolean;
  readonly requiresUserInteraction?: boolean;
}
