import type { JsonPrimitive } from "../../core/json.ts";
import type { List } from "../../core/list.ts";
import type { SecretValue } from "../../core/secret.ts";
import type { SourceSpan } from "../../core/source.ts";

export type Priority = "High" | "Normal" | "Low";
export type CommitType = "AllOrNothing" | "StopOnFirstFailure" | "ProcessAllIndependently";
/** `SpecificContent`: a flat object of primitives (Transactions requests, 2023.4), of which some may be secret. */
export type Content = Readonly<Record<string, JsonPrimitive | SecretValue>>;

/** What a `QueueItems` manifest says, normalised. */
export interface QueueItemsSpec {
  readonly queue: string;
  /** There may be a million. */
  readonly items: List<QueueItemEntry>;
  readonly commit: CommitType;
  readonly order: "manifest" | "any";
  /** True adds `"key@odata.type": "#String"` members to what is sent. */
  readonly typeHints: boolean;
  /** An instant: from then on nothing is created. `never`: whatever is missing is created, always. */
  readonly seedUntil?: string;
  readonly onDrift: "update" | "ignore" | "fail";
  readonly recreateDeleted: boolean;
  readonly prune?: { readonly referencePrefix: string };
  /** Content keys that no view shows: those listed, and those of `secretKeys`. */
  readonly sensitive: readonly string[];
  /** Content keys that hold a secret in any item: what the tenant has there is a secret, too. Left out: none. */
  readonly secretKeys?: readonly string[];
}

/**
 * One queue item. A field that is left out is never sent, compared or changed; `null` clears a date. A relative date
 * (`+2d`) counts from when the plan was made, and is for creating alone.
 */
export interface QueueItemEntry {
  /** Identity within the queue, over all manifests. */
  readonly reference: string;
  readonly priority?: Priority;
  readonly deferDate?: string | null;
  readonly dueDate?: string | null;
  /** Set when created, cannot be changed. */
  readonly riskSlaDate?: string | null;
  readonly content?: Content;
  readonly source: SourceSpan;
}
