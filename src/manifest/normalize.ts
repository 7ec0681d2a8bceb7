import type { Locate } from "../core/locate.ts";
import type { KindSpecs } from "../kinds/any.ts";
import type { JobManifest } from "../kinds/generated/job.ts";
import type { QueueItemsManifest } from "../kinds/generated/queue-items.ts";
import type { ReviewManifest } from "../kinds/generated/review.ts";
import type { StoppedJobsManifest } from "../kinds/generated/stopped-jobs.ts";
import { normalizeJob } from "../kinds/job/normalize.ts";
import type { Normalized } from "../kinds/normalized.ts";
import { normalizeQueueItems } from "../kinds/queue-items/normalize.ts";
import { normalizeReview } from "../kinds/review/normalize.ts";
import { normalizeStoppedJobs } from "../kinds/stopped-jobs/normalize.ts";

/** A document that its kind's schema accepts. */
export type RawDocument = QueueItemsManifest | JobManifest | StoppedJobsManifest | ReviewManifest;

/** The kind's own reading of `spec`; paths begin there. */
export function normalize(raw: RawDocument, at: Locate): Normalized<KindSpecs[keyof KindSpecs]> {
  switch (raw.kind) {
    case "QueueItems":
      return normalizeQueueItems(raw.spec, at);
    case "Job":
      return normalizeJob(raw.spec, at);
    case "StoppedJobs":
      return normalizeStoppedJobs(raw.spec, at);
    case "Review":
      return normalizeReview(raw.spec, at);
  }
}
