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
  strategy?: DynamicStrategy | AllStrategy | SpecificStrategy | RobotCountStrategy | JobsCountStrategy;
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
    /**
     * What a suspended job means: wait goes on waiting, succeed takes it for a success, fail for a failure.
     */
    whenSuspended?: "wait" | "succeed" | "fail";
  };
  /**
   * Resources that must be in line before this one is touched: KIND/NAME in the same folder, else KIND/NAME@FOLDER. Left out: none.
   */
  dependsOn?: string[];
  /**
   * Priority of the job. A name, or 1 (lowest) to 100. Left out: not sent, the process's own holds.
   */
  priority?: ("High" | "Normal" | "Low") | number;
  /**
   * Runtime that the job takes. Left out: not sent.
   */
  runtimeType?: string;
  /**
   * The workflow that runs in place of the process's own entry point. API 19 and later. Left out: not sent.
   */
  entryPoint?: string;
  /**
   * Environment variables of the job: names and texts, at most 4,000 characters as NAME=VALUE lines. API 19 and later. Left out: not sent.
   */
  environmentVariables?: {
    [k: string]: string;
  };
  /**
   * Machines and accounts that the jobs run on, in modern folders. Left out: not sent, any of the folder's.
   *
   * @minItems 1
   */
  machines?: MachineAndAccount[];
  /**
   * True runs the job under the account that starts it. Left out: not sent.
   */
  runAsMe?: boolean;
  /**
   * False runs the job in the background. Left out: not sent.
   */
  requiresUserInteraction?: boolean;
  /**
   * The server asks a job to stop when it has run this long: a number and s, m, h or d. Left out: not sent.
   */
  stopAfter?: string;
  /**
   * The server kills a job that has been stopping for this long: a number and s, m, h or d. Needs stopAfter. Left out: not sent.
   */
  killAfter?: string;
  /**
   * What other jobs of the process that are not over mean for a start. allow: nothing. forbid: it fails unsent while there are any. stopOthers: they are stopped first, each a line of the plan that counts under maxStops.
   */
  concurrency?: "allow" | "forbid" | "stopOthers";
  /**
   * New attempts of one apply when the jobs that it started end badly. All of them count under maxStarts.
   */
  retries?: {
    /**
     * How many attempts more, at most.
     */
    limit: number;
    /**
     * How long to wait before another attempt: a number and ms, s, m, h or d; at most 24d.
     */
    backoff?: string;
  };
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
   * Names of the robots, or user names of their accounts.
   *
   * @minItems 1
   */
  robots: string[];
}
/**
 * One job on each of a number of robots. Classic folders only; Orchestrator calls it deprecated.
 */
export interface RobotCountStrategy {
  /**
   * A number of robots of the process's environment.
   */
  type: "RobotCount";
  /**
   * How many robots, 1 to 10,000.
   */
  count: number;
}
/**
 * A number of jobs on whichever robots are free: Dynamic by the name that classic folders have for it.
 */
export interface JobsCountStrategy {
  /**
   * A number of jobs.
   */
  type: "JobsCount";
  /**
   * How many jobs, 1 to 10,000.
   */
  count: number;
}
/**
 * Where a job runs, and as whom: at least one of the two.
 */
export interface MachineAndAccount {
  /**
   * Name of the machine or machine template. Left out: any.
   */
  machine?: string;
  /**
   * User name of the robot account, or name of the robot. Left out: any.
   */
  account?: string;
}
