import type { Kind } from "../../core/resource.ts";
import { job } from "./job.ts";
import type { Gateway } from "./port.ts";
import { queueItems } from "./queue-items.ts";
import { review } from "./review.ts";
import { stoppedJobs } from "./stopped-jobs.ts";

/** One row a kind. What a gateway reads fits the definition of the same kind, and nothing else. */
export const gateways: Readonly<Record<Kind, Gateway<unknown, unknown>>> = {
  QueueItems: queueItems,
  Job: job,
  StoppedJobs: stoppedJobs,
  Review: review,
};
