// Made of schemas/queue-items.schema.json by `npm run generate`: change the schema, not this file.

/**
 * Queue items that must exist in a queue, each exactly once.
 */
export interface QueueItemsManifest {
  /**
   * Version of the manifest format.
   */
  apiVersion: "orch-sync/v1";
  /**
   * What the document describes.
   */
  kind: "QueueItems";
  metadata: Metadata;
  spec: QueueItemsSpec;
}
/**
 * Who the resource is: its name, its folder and free labels.
 */
export interface Metadata {
  /**
   * Name of the resource, unique for its kind and folder: lower-case letters, digits, - and ., at most 63 characters. It becomes part of what is stored in Orchestrator, so renaming makes another resource.
   */
  name: string;
  /**
   * Full path of the Orchestrator folder. Left out: the target's folder.
   */
  folder?: string;
  /**
   * Free names and texts to select manifests by: --select label.team=finance.
   */
  labels?: {
    [k: string]: string;
  };
}
/**
 * The queue and its items.
 */
export interface QueueItemsSpec {
  /**
   * Name of the queue in the folder. The server ignores case and trailing blanks.
   */
  queue: string;
  /**
   * The items, in the order in which they are added. An empty list is allowed: with prune it removes everything under the prefix.
   */
  items: QueueItem[];
  /**
   * Where references come from. required: each item names its own. fromContent: an item without one gets c- and 24 hexadecimal digits of the SHA-256 of its content, so equal content is one item.
   */
  references?: "required" | "fromContent";
  /**
   * True sends "KEY@odata.type": "#String" beside each text in the content.
   */
  typeHints?: boolean;
  /**
   * What happens to a batch when an item of it is refused. ProcessAllIndependently: the others are added. AllOrNothing: none is, and all items must fit into one call. StopOnFirstFailure: none after the refused one.
   */
  commit?: "ProcessAllIndependently" | "AllOrNothing" | "StopOnFirstFailure";
  /**
   * manifest: batches of a queue go one after the other, in the manifest's order. any: they may go side by side.
   */
  order?: "manifest" | "any";
  /**
   * From this instant on nothing is created: a missing item counts as processed and purged. never: whatever is missing is created, always. Needed for queues without unique references, because Orchestrator forgets items after its retention time.
   */
  seedUntil?: string;
  /**
   * What to do about an item that is New, was never attempted, and differs. update: change it. ignore: leave it. fail: block the plan.
   */
  onDrift?: "update" | "ignore" | "fail";
  /**
   * True creates an item again when all items with its reference were deleted.
   */
  recreateDeleted?: boolean;
  /**
   * Allows deletions: New, never attempted items under the prefix that no manifest names. Left out: nothing is deleted. The guard maxDeletes limits it.
   */
  prune?: {
    /**
     * How the references of the items begin that this manifest owns; at most 128 characters.
     */
    referencePrefix: string;
  };
  /**
   * Content keys whose values no output shows. Keys that hold a ${secret:NAME} in any item are among them by themselves. Left out: none.
   */
  sensitive?: string[];
  /**
   * Resources that must be in line before this one is touched: KIND/NAME in the same folder, else KIND/NAME@FOLDER. Left out: none.
   */
  dependsOn?: string[];
}
/**
 * One queue item. A field that is left out is never sent, compared or changed, unless it has a default.
 */
export interface QueueItem {
  /**
   * Identity of the item within the queue, over all manifests; at most 128 characters. The server ignores case and trailing blanks.
   */
  reference?: string;
  /**
   * Priority of the item. Left out: created as Normal, then left alone.
   */
  priority?: "High" | "Normal" | "Low";
  /**
   * Earliest time at which a robot may take the item. An instant with a zone, such as 2026-12-01T08:00:00Z; null clears it.
   */
  deferDate?: string | null;
  /**
   * Time by which the item should be processed. An instant with a zone, such as 2026-12-01T08:00:00Z; null clears it.
   */
  dueDate?: string | null;
  /**
   * Time from which the item is at risk of missing its SLA. Set when the item is created, cannot be changed afterwards. An instant with a zone, such as 2026-12-01T08:00:00Z; null clears it.
   */
  riskSlaDate?: string | null;
  /**
   * The item's data (SpecificContent): a flat mapping, at most 256,000 characters as JSON. Keys may not hold . # @ or : Texts may hold ${secret:NAME}.
   */
  content?: {
    [k: string]: string | number | boolean | null;
  };
}
