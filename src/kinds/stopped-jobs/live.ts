import type { LiveJob, LiveProcess } from "../job/live.ts";
import type { Missing } from "../live.ts";

/** What planning a `StoppedJobs` resource needs to know of the tenant. */
export interface StoppedJobsLive {
  /** Undefined when the manifest selects by ids or reference alone. */
  readonly process?: LiveProcess | Missing;
  /** Candidates; the definition matches each again. */
  readonly jobs: readonly LiveJob[];
}
