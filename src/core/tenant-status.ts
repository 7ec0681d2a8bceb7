import type { PlanSummary } from "./plan.ts";
import type { ResourceKey } from "./resource.ts";

/** What a tenant's queues and processes are doing, and how far manifests are in line with it. */
export interface TenantStatus {
  readonly target: { readonly name: string; readonly url: string };
  /** The server's clock, ISO 8601. */
  readonly at: string;
  /** Jobs made since then are counted, ISO 8601; those that have not ended are, whenever they were made. */
  readonly since: string;
  readonly queues: readonly QueueStatus[];
  readonly processes: readonly ProcessStatus[];
  /** Undefined where no manifests were given. */
  readonly manifests?: readonly ManifestStatus[];
}

/** A queue, by its statistics on the server. */
export interface QueueStatus {
  readonly folder: string;
  readonly name: string;
  readonly waiting: number;
  readonly inProgress: number;
  readonly successful: number;
  readonly businessExceptions: number;
  readonly applicationExceptions: number;
  /** Mean time to process an item, in seconds; null where none was processed. */
  readonly meanSeconds: number | null;
  /** When an item last ended, ISO 8601. */
  readonly lastProcessed: string | null;
}

/** The jobs of a process by state; a state without jobs is left out. */
export interface ProcessStatus {
  readonly folder: string;
  readonly name: string;
  readonly jobs: Readonly<Record<string, number>>;
}

/** What a plan says of one manifest. */
export interface ManifestStatus {
  readonly key: ResourceKey;
  /** `waits`: a run is due or under way, and nothing else differs. */
  readonly state: "in-line" | "differs" | "waits" | "blocked";
  readonly summary: PlanSummary;
}
