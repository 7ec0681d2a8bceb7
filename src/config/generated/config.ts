// Made of schemas/config.schema.json by `npm run generate`: change the schema, not this file.

/**
 * Full path of the folder for manifests that name none.
 */
export type TargetFolder = string;
/**
 * Address of the identity server, https only (http on this machine). Left out: found from the url.
 */
export type IdentityUrl = string;

/**
 * The project's configuration, orch-sync.yaml: where its manifests are and which Orchestrators they can be applied to.
 */
export interface ConfigFile {
  /**
   * Version of the config format.
   */
  apiVersion: "orch-sync/v1";
  /**
   * What the document describes.
   */
  kind: "Config";
  /**
   * Files and folders with manifests, relative to the config file. Left out: paths must be given on the command line.
   */
  manifests?: string[];
  /**
   * Name of the target that is used without --target. Left out: there is none.
   */
  defaultTarget?: string;
  /**
   * Named targets: at most 63 letters, digits, -, _ and . each.
   */
  targets?: {
    [k: string]: EmbeddedTarget | RemoteTarget;
  };
}
/**
 * An Orchestrator that runs inside the command, for trials and tests.
 */
export interface EmbeddedTarget {
  /**
   * Which tenant the embedded Orchestrator plays.
   */
  embedded: {
    /**
     * A tenant file, relative to the config file, or documented: the tenant of the official examples.
     */
    tenant: string;
    /**
     * File that keeps its data, relative to the config file. Left out: it forgets everything at the end.
     */
    data?: string;
  };
  folder?: TargetFolder;
  guards?: TargetGuards;
  timing?: TargetTiming;
  lease?: TargetLease;
  capabilities?: TargetCapabilities;
  variables?: TargetVariables;
}
/**
 * Limits on what one plan may do; a plan beyond them is refused until --force names the guard. Embedded targets have none unless they are set.
 */
export interface TargetGuards {
  /**
   * Queue items created. A number, or a share such as "20%".
   */
  maxCreates?: number | string;
  /**
   * Queue items changed. A number, or a share such as "20%".
   */
  maxUpdates?: number | string;
  /**
   * Jobs started. A number, or a share such as "20%".
   */
  maxStarts?: number | string;
  /**
   * Queue items deleted; a share is of the live items selected. A number, or a share such as "20%".
   */
  maxDeletes?: number | string;
  /**
   * Jobs stopped; a share is of the live jobs selected. A number, or a share such as "20%".
   */
  maxStops?: number | string;
  /**
   * Reviews set. A number, or a share such as "20%".
   */
  maxAssignments?: number | string;
}
/**
 * How long to wait for the server.
 */
export interface TargetTiming {
  /**
   * How long one request may take; at most 24d.
   */
  request?: string;
  /**
   * When a write without an answer counts as settled: longer than any gateway on the way keeps a request alive; at most 24d.
   */
  settle?: string;
  /**
   * How often a running job is looked at; at most 24d.
   */
  poll?: string;
  /**
   * List calls of Jobs and of QueueItems, each, in a minute. Left out: 90 for Automation Cloud, whose tenants share 100 among all callers; no limit elsewhere and for embedded targets.
   */
  listCallsPerMinute?: number;
}
/**
 * Keeps a second apply to this target away while one runs, by an item in a queue that is kept for this alone: unique references, no retries, no trigger, no JSON schema. Left out: nothing does, and a plan with writes that need it says so.
 */
export interface TargetLease {
  /**
   * Name of the queue.
   */
  queue: string;
  /**
   * Full path of the folder that the queue is in. Left out: the target's folder.
   */
  folder?: string;
  /**
   * Name of the lease. Applies with the same lease wait for each other.
   */
  name?: string;
  /**
   * How long it holds without being renewed; it is renewed at a third of that. At least one and a half times timing.request and timing.settle together; at most 24d.
   */
  ttl?: string;
  /**
   * Also remember in the queue which runs were started once, so that a run whose job retention has deleted is not started again.
   */
  ledger?: boolean;
}
/**
 * What orch-sync doctor --probe has found out of this server, so that no run has to find it out again. Left out, all or part of it: each run finds out what it needs to know.
 */
export interface TargetCapabilities {
  /**
   * The API version that the server had then. With another one the rest does not hold, and is not used.
   */
  apiVersion: number;
  /**
   * Whether queue items can be looked up by Reference in (…). If not, they are looked up by Reference eq … or ….
   */
  referenceIn?: boolean;
  /**
   * Whether queue items can be read by startswith(Reference,…).
   */
  startsWith?: boolean;
  /**
   * How many queue items one list gives.
   */
  queueItemsPage?: number;
  /**
   * Whether jobs can be filtered by Reference.
   */
  jobReference?: boolean;
  /**
   * Whether jobs can be filtered by BatchExecutionKey.
   */
  jobBatchKey?: boolean;
  /**
   * How a write with an old RowVersion is turned away: with HTTP 409, or with the id in FailedItems. none: it is carried out. Writes take each of the first two for what it is; with none, doctor says so.
   */
  rowVersionConflict?: "409" | "failedItems" | "none";
}
/**
 * What ${var:NAME} stands for in manifests, and in this target, when it is the target. Names are made of letters, digits, _, - and . Values may hold ${env:NAME}, ${secret:NAME} and the variables of the command line; --var and --var-file win over them. A secret in one stays a secret wherever the variable is used. Left out: none.
 */
export interface TargetVariables {
  [k: string]: string | number | boolean;
}
/**
 * An Orchestrator in the cloud, in an Automation Suite or on premises.
 */
export interface RemoteTarget {
  /**
   * Address of the Orchestrator, https only (http on this machine): cloud, Automation Suite and on-premises layouts.
   */
  url: string;
  /**
   * Name of the tenant, on premises only: sent with each call and when signing in. Left out: not sent.
   */
  tenant?: string;
  folder?: TargetFolder;
  /**
   * How to sign in.
   */
  auth: TokenAuth | ClientCredentialsAuth | PasswordAuth;
  /**
   * PEM file, relative to the config file, with the certificates of authorities that are trusted besides those of Node and of the system: one or several.
   */
  caFile?: string;
  /**
   * The http or https proxy that all calls go through, with or without user and password: http://USER:${secret:NAME}@HOST:PORT; none: no proxy. Left out: HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment count.
   */
  proxy?: string;
  guards?: TargetGuards;
  timing?: TargetTiming;
  lease?: TargetLease;
  capabilities?: TargetCapabilities;
  variables?: TargetVariables;
}
/**
 * A bearer token or personal access token.
 */
export interface TokenAuth {
  /**
   * A ready token.
   */
  type: "token";
  /**
   * The token. Write ${secret:NAME}, never the token itself.
   */
  token: string;
  identityUrl?: IdentityUrl;
}
/**
 * A confidential external application.
 */
export interface ClientCredentialsAuth {
  /**
   * A token is fetched with the application's id and secret.
   */
  type: "clientCredentials";
  /**
   * App ID of the external application.
   */
  clientId: string;
  /**
   * App secret. Write ${secret:NAME}, never the secret itself.
   */
  clientSecret: string;
  /**
   * Application scopes, separated by blanks.
   */
  scope?: string;
  identityUrl?: IdentityUrl;
}
/**
 * A user's name and password, on premises only; the target's tenant is the one that is signed in to.
 */
export interface PasswordAuth {
  /**
   * A token is fetched with a user's name and password.
   */
  type: "password";
  /**
   * User name or e-mail address.
   */
  username: string;
  /**
   * The password. Write ${secret:NAME}, never the password itself.
   */
  password: string;
}
