import type { DesiredResource, Kind, ResourceKey } from "../core/resource.ts";
import type { JobSpec } from "./job/spec.ts";
import type { QueueItemsSpec } from "./queue-items/spec.ts";
import type { ReviewSpec } from "./review/spec.ts";
import type { StoppedJobsSpec } from "./stopped-jobs/spec.ts";

/** What each kind makes of `spec`. */
export interface KindSpecs {
  readonly QueueItems: QueueItemsSpec;
  readonly Job: JobSpec;
  readonly StoppedJobs: StoppedJobsSpec;
  readonly Review: ReviewSpec;
}

/** A resource of a known kind. `kind` repeats the key's, so that a switch over it narrows `spec`. */
export type ResourceOf<K extends Kind> = DesiredResource<KindSpecs[K]> & {
  readonly kind: K;
  readonly key: ResourceKey & { readonly kind: K };
};

/** A resource of any kind. */
export type AnyResource = { readonly [K in Kind]: ResourceOf<K> }[Kind];
