import type { Kind } from "../core/resource.ts";
import type { KindDefinition } from "./definition.ts";
import { job } from "./job/definition.ts";
import { queueItems } from "./queue-items/definition.ts";
import { review } from "./review/definition.ts";
import { stoppedJobs } from "./stopped-jobs/definition.ts";

/** Specs and live states differ by kind; a registry hands out the definition that fits the resource it is asked for. */
export type AnyDefinition = KindDefinition<never, never>;

/** One row a kind. */
export const definitions: Readonly<Record<Kind, AnyDefinition>> = {
  QueueItems: queueItems,
  Job: job,
  StoppedJobs: stoppedJobs,
  Review: review,
};
