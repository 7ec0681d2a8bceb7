import type { List } from "../../core/list.ts";
import type { Missing } from "../live.ts";
import type { Content, Priority } from "./spec.ts";

/** `Unknown`: the server left it out, and what is not known is never touched. */
export type QueueItemStatus =
  | "Unknown"
  | "New"
  | "InProgress"
  | "Failed"
  | "Successful"
  | "Abandoned"
  | "Retried"
  | "Deleted";

/** A queue as `QueueDefinitions` lists it. */
export interface LiveQueue {
  readonly id: number;
  readonly name: string;
  readonly enforceUniqueReference: boolean;
  /** The text of the JSON schema for content (`SpecificDataJsonSchema`), when the queue has one. */
  readonly contentSchema?: string;
  /** How often the server tries a failed item again; left out: it does not. */
  readonly retries?: number;
  /** True: new items start jobs. Left out: they do not. */
  readonly hasTrigger?: true;
  /** The process that a queue trigger starts, when the server tells. */
  readonly triggerProcess?: string;
}

/** One row of `QueueItems`. What the server did not return is missing: unknown, never "different". */
export interface LiveQueueItem {
  readonly id: number;
  /** Shared by all retries of one item. */
  readonly key: string;
  readonly reference: string | null;
  readonly status: QueueItemStatus;
  readonly priority?: Priority;
  readonly deferDate?: string | null;
  readonly dueDate?: string | null;
  readonly content?: Content;
  /** Left out of manifests, but a PUT would clear it. */
  readonly progress?: string | null;
  /** Null: the server left it out. */
  readonly retryNumber: number | null;
  /** The attempt before this one, retried by the server or by a person. */
  readonly ancestorId: number | null;
  readonly rowVersion: string;
}

/** Rows of one queue, of which there may be millions. */
export interface LiveRows {
  /** The rows under a reference, by the server's rule for equal ones, in no order. */
  under(reference: string): readonly LiveQueueItem[];
}

/** Of a queue that does not exist. */
export const noRows: LiveRows = { under: () => [] };

/** What planning a `QueueItems` resource needs to know of the tenant. */
export interface QueueItemsLive {
  readonly queue: LiveQueue | Missing;
  /** Every row under a desired reference, whatever its status. */
  readonly items: LiveRows;
  /** New rows under the prune prefix, by Id; empty when the manifest does not prune. */
  readonly pruneCandidates: List<LiveQueueItem>;
  /**
   * The queue's highest Id, read before the references; for queues without unique references only. Whatever is added
   * after the plan has looked is above it.
   */
  readonly watermark?: number;
}
