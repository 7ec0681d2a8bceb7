// Made of schemas/job.schema.json by `npm run generate`: change the schema, not this file.

/**
 * A job that must have run, with these inputs.
 */
export interface JobManifest {
  /**
   * Version of the manifest format.
   */
  apiVersion: "orch-sync/v1";
  /**
   * What the document describes.
   */
  kind: "Job";
  metadata: Metadata;
  spec: JobSpec;
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
 * The process, its inputs, and when it runs again.
 */
export interface JobSpec {
  /**
   * Name of the process (release) in the folder. Either this or releaseKey.
   */
  process?: string;
  /**
   * Key of the process (release), a GUID. Either this or process; names survive a deployment, keys may not.
   */
  releaseKey?: string;
  /**
   * On how many robots the process runs, and on which. Left out: one job on any robot.
   */
  strategy?: DynamicStrategy | AllStrategy | SpecificStrategy;
  /**
   * Input arguments of the process: a mapping of any JSON values, at most 10,000 characters as JSON. Texts may hold ${secret:NAME}, which counts by its name: another value starts no new run.
   */
  inputArguments?: {
    [k: string]: unknown;
  };
  /**
   * once: one run for ever. onChange: one run for each set of process, inputs and rerunOn. always: a run for each apply of a new plan. never: nothing is started.
   */
  run?: "once" | "onChange" | "always" | "never";
  /**
   * What counts as a change besides the inputs: processVersion, and any names and values of your own, such as a build number.
   */
  rerunOn?: {
    /**
     * True runs again when the folder's process has another version.
     */
    processVersion?: boolean;
    [k: string]: string | number | boolean | undefined;
  };
  /**
   * What to do when the last run ended badly. fail: this change fails, nothing is sent, its dependants are skipped. rerun: a new attempt. skip: a warning.
   */
  onPreviousFailure?: "fail" | "rerun" | "skip";
  /**
   * From this instant on nothing is started: a missing job counts as run and purged. An instant with a zone, such as 2026-12-01T08:00:00Z. Left out: no limit.
   */
  startUntil?: string;
  /**
   * How long an apply stays with the jobs that it started.
   */
  wait?: {
    /**
     * none: goes on at once. started: until the jobs run. completed: until they ended.
     */
    until?: "none" | "started" | "completed";
    /**
     * How long to wait at most: a number and ms, s, m, h or d; at most 24d.
     */
    timeout?: string;
    /**
     * Final states that count as success.
     *
     * @minItems 1
     */
    success?: ("Successful" | "Faulted" | "Stopped")[];
  };
  /**
   * Resources that must be in line before this one is touched: KIND/NAME in the same folder, else KIND/NAME@FOLDER. Left out: none.
   */
  dependsOn?: string[];
  /**
   * Priority of the job. Left out: not sent, the process's own holds.
   */
  priority?: "High" | "Normal" | "Low";
  /**
   * Runtime that the job takes. Left out: not sent.
   */
  runtimeType?: string;
  /**
   * True runs the job under the account that starts it. Left out: not sent.
   */
  runAsMe?: boolean;
  /**
   * False runs the job in the background. Left out: not sent.
   */
  requiresUserInteraction?: boolean;
}
/**
 * A number of jobs on whichever robots are free.
 */
export interface DynamicStrategy {
  /**
   * Any robots.
   */
  type: "Dynamic";
  /**
   * How many jobs, 1 to 10,000.
   */
  count?: number;
}
/**
 * One job on each robot. Classic folders only.
 */
export interface AllStrategy {
  /**
   * Each robot of the process's environment.
   */
  type: "All";
}
/**
 * One job on each of the named robots.
 */
export interface SpecificStrategy {
  /**
   * The robots named.
   */
  type: "Specific";
  /**
   * Names of the robots.
   *
   * @minItems 1
   */
  robots: string[];
}
