import type { JobSettings } from "./payload.ts";
import type { FinalJobState, JobState } from "./spec.ts";

/** Final: Successful, Faulted, Stopped; a job in any other state may still change. */
export function isFinal(state: JobState): state is FinalJobState {
  return state === "Successful" || state === "Faulted" || state === "Stopped";
}

/** States of jobs that may still change. */
export const openStates: readonly JobState[] = [
  "Pending",
  "Running",
  "Stopping",
  "Terminating",
  "Suspended",
  "Resumed",
];

export type RunVerdict =
  | { readonly state: "succeeded" }
  /** In progress, and the manifest does not wait for it. */
  | { readonly state: "left" }
  | { readonly state: "running" }
  | { readonly state: "failed"; readonly why: string };

/** What all jobs under one run key amount to. Fewer jobs than expected is a failed run: it is never topped up. */
export function judgeRun(
  jobs: readonly { readonly state: JobState }[],
  settings: Pick<JobSettings, "expected" | "wait">,
): RunVerdict {
  const { expected, wait } = settings;
  const open = jobs.filter(
    ({ state }) => !isFinal(state) && !(state === "Suspended" && wait.whenSuspended !== undefined),
  );
  const missing = expected !== null && jobs.length < expected;
  const bad = jobs.some(({ state }) => isBad(state, wait));
  if (open.length > 0 && wait.until === "completed") return { state: "running" };
  if (missing) return { state: "failed", why: `${jobs.length} of ${expected} jobs were created` };
  if (bad) return { state: "failed", why: `not ${wait.success.join(" or ")}` };
  if (wait.until === "started" && open.some((job) => job.state === "Pending")) return { state: "running" };
  return { state: open.length > 0 ? "left" : "succeeded" };
}

/** Over, or as good as over, and no success. */
export function isBad(state: JobState, { success, whenSuspended }: JobSettings["wait"]): boolean {
  if (state === "Suspended") return whenSuspended === "fail";
  return isFinal(state) && !success.includes(state);
}
