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
 * The queue and its items. At least one of items and source is needed; with both, items come first.
 */
export interface QueueItemsSpec {
  /**
   * Name of the queue in the folder. The server ignores case and trailing blanks.
   */
  queue: string;
  /**
   * The items, in the order in which they are added. An empty list is allowed: with prune it removes everything under the prefix.
   */
  items?: QueueItem[];
  source?: SourceOfItems;
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
   * Earliest time at which a robot may take the item. An instant with a zone, such as 2026-12-01T08:00:00Z; null clears it; or a time from when the plan is made, such as +1h, which is never compared with an existing item.
   */
  deferDate?: string | null;
  /**
   * Time by which the item should be processed. An instant with a zone, such as 2026-12-01T08:00:00Z; null clears it; or a time from when the plan is made, such as +2d, which is never compared with an existing item.
   */
  dueDate?: string | null;
  /**
   * Time from which the item is at risk of missing its SLA. Set when the item is created, cannot be changed afterwards. An instant with a zone, such as 2026-12-01T08:00:00Z; null clears it; or a time from when the plan is made, such as +1d, which is never compared with an existing item.
   */
  riskSlaDate?: string | null;
  /**
   * The item's data (SpecificContent): a flat mapping, at most 256,000 characters as JSON. Keys may not hold . # @ or : Texts may hold ${secret:NAME}.
   */
  content?: {
    [k: string]: string | number | boolean | null;
  };
}
/**
 * A data file beside the manifest that is read as a stream: each row is an item, however many there are.
 */
export interface SourceOfItems {
  /**
   * The file, relative to the manifest's folder (for stdin: the working folder): .csv, .ndjson, .jsonl, or .json with one list. UTF-8. It lies below the manifest's folder or in the project, unless --allow-outside.
   */
  file: string;
  /**
   * Template of the reference over the row's columns: {COLUMN} stands for a column's text, {{ and }} for braces. Left out: the column Reference, where content is left out too.
   */
  reference?: string;
  /**
   * Template of the priority: High, Normal, Low in any case, or 1 = Low, 2 = Normal, 3 = High. Left out: the column Priority, where content is left out too. Where nothing comes of it, the item is created as Normal.
   */
  priority?: string;
  /**
   * Template of deferDate: YYYY-MM-DD with or without HH:mm or HH:mm:ss, or an instant with a zone; - / and blank separate year, month and day. Where nothing comes of it, the item has none. Left out: the column Postpone, where content is left out too.
   */
  deferDate?: string;
  /**
   * Template of dueDate: YYYY-MM-DD with or without HH:mm or HH:mm:ss, or an instant with a zone; - / and blank separate year, month and day. Where nothing comes of it, the item has none. Left out: the column Deadline, where content is left out too.
   */
  dueDate?: string;
  /**
   * Template of riskSlaDate: YYYY-MM-DD with or without HH:mm or HH:mm:ss, or an instant with a zone; - / and blank separate year, month and day. Where nothing comes of it, the item has none.
   */
  riskSlaDate?: string;
  /**
   * IANA name of the zone of dates that name none. Needed as soon as there is such a date.
   */
  timeZone?: string;
  /**
   * What the items' content is made of: a column and a type for each key. Left out: all columns, with the headers of Orchestrator's own upload (Reference, Priority, Deadline, Postpone) special.
   */
  content?: {
    [k: string]: ColumnOfASource;
  };
  /**
   * What stands between the cells of a CSV file: a comma, a semicolon, a vertical bar or a tab.
   */
  delimiter?: "," | ";" | "|" | "\t";
}
/**
 * Where a content key gets its value.
 */
export interface ColumnOfASource {
  /**
   * The column's header; in NDJSON and JSON the member of the row.
   */
  column: string;
  /**
   * What the value is read as. An empty cell is null, as text it is "". date becomes an instant in UTC, as text.
   */
  type?: "text" | "number" | "integer" | "boolean" | "date";
}
