// Made of schemas/review.schema.json by `npm run generate`: change the schema, not this file.

/**
 * Who reviews which failed queue items, and how far the review is.
 */
export interface ReviewManifest {
  /**
   * Version of the manifest format.
   */
  apiVersion: "orch-sync/v1";
  /**
   * What the document describes.
   */
  kind: "Review";
  metadata: Metadata;
  spec: ReviewSpec;
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
 * Which items, and what is set on them.
 */
export interface ReviewSpec {
  /**
   * Name of the queue in the folder.
   */
  queue: string;
  select?: ReviewSelection;
  /**
   * Who reviews: user names, e-mail addresses or full names. An item that one of them has keeps him, the others go by id to whoever has fewest. Left out: reviewers are left alone.
   *
   * @minItems 1
   */
  reviewers?: string[];
  /**
   * True clears the reviewer. Excludes reviewers.
   */
  unassign?: boolean;
  /**
   * False leaves items alone that already have another reviewer.
   */
  override?: boolean;
  /**
   * Review status to set, independent of the reviewer. Left out: left alone.
   */
  reviewStatus?: "None" | "InReview" | "Verified";
  /**
   * A comment for each selected item, posted once: not where the same text hangs on the item already. At most 512 characters. Left out: none.
   */
  comment?: string;
  /**
   * Resources that must be in line before this one is touched: KIND/NAME in the same folder, else KIND/NAME@FOLDER. Left out: none.
   */
  dependsOn?: string[];
}
/**
 * Which items: all conditions must hold. Left out: every failed or abandoned item of the queue that was not retried.
 */
export interface ReviewSelection {
  /**
   * Statuses of items; only failed and abandoned items can be reviewed.
   *
   * @minItems 1
   */
  status?: ("Failed" | "Abandoned")[];
  /**
   * Review statuses of items. Left out: any of None, InReview, Verified.
   *
   * @minItems 1
   */
  reviewStatus?: ("None" | "InReview" | "Verified")[];
  /**
   * Kind of exception that ended the items. Left out: any.
   */
  exceptionType?: "ApplicationException" | "BusinessException";
  /**
   * Part of the exception's reason, in any case. Left out: any.
   */
  exceptionText?: string;
  /**
   * References of items. Left out or empty: any.
   */
  references?: string[];
  /**
   * How references begin, in any case. Left out: any.
   */
  referencePrefix?: string;
  /**
   * Ids of items. Left out or empty: any.
   */
  ids?: number[];
  /**
   * Name of the robot that processed the items. Left out: any.
   */
  robot?: string;
  /**
   * Only items that ended after this instant. An instant with a zone, such as 2026-12-01T08:00:00Z. Left out: no limit.
   */
  failedAfter?: string;
  /**
   * Who has the items now: none, any, or a name. Left out: nobody or anybody.
   */
  reviewer?: string;
}
