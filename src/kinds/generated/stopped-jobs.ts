// Made of schemas/stopped-jobs.schema.json by `npm run generate`: change the schema, not this file.

/**
 * Jobs that must not be running: those that match are listed in the plan by id, and stopped.
 */
export interface StoppedJobsManifest {
  /**
   * Version of the manifest format.
   */
  apiVersion: "orch-sync/v1";
  /**
   * What the document describes.
   */
  kind: "StoppedJobs";
  metadata: Metadata;
  spec: StoppedJobsSpec;
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
 * Which jobs, and how they are stopped.
 */
export interface StoppedJobsSpec {
  select: StoppedJobsSelection;
  /**
   * SoftStop: asks the job to end. Kill: ends it at once.
   */
  strategy?: "SoftStop" | "Kill";
  /**
   * Kills what is still stopping after this time: a number and ms, s, m, h or d; at most 24d. Only with SoftStop. Left out: never.
   */
  escalateAfter?: string;
  /**
   * Resources that must be in line before this one is touched: KIND/NAME in the same folder, else KIND/NAME@FOLDER. Left out: none.
   */
  dependsOn?: string[];
}
/**
 * Which jobs: all conditions must hold. At least one of process, ids and reference.
 */
export interface StoppedJobsSelection {
  /**
   * Name of the process in the folder whose jobs are meant.
   */
  process?: string;
  /**
   * Ids of jobs.
   *
   * @minItems 1
   */
  ids?: number[];
  /**
   * Reference of the jobs; case and trailing blanks do not matter. At most 128 characters.
   */
  reference?: string;
  /**
   * States in which jobs are meant.
   *
   * @minItems 1
   */
  states?: ("Pending" | "Running" | "Stopping" | "Suspended" | "Resumed")[];
  /**
   * Only jobs created before this instant. An instant with a zone, such as 2026-12-01T08:00:00Z. Left out: no limit.
   */
  createdBefore?: string;
  /**
   * Only jobs that have been running for at least this long: a number and ms, s, m, h or d. Left out: no limit.
   */
  runningFor?: string;
}
