import type { ClockMode } from "../clock.ts";
import type { EditionName } from "../editions.ts";
import type { FinalState } from "../store/runs.ts";

/**
 * A tenant file: what an embedded Orchestrator holds when it starts for the first time.
 * `schemas/tenant.schema.json` describes every field.
 */
export interface TenantDocument {
  readonly apiVersion: "orch-sync/v1";
  readonly kind: "Tenant";
  readonly metadata: { readonly name: string };
  readonly spec: TenantSpec;
}

export interface TenantSpec {
  readonly edition?: EditionName;
  readonly layout?: "suite";
  readonly organization?: string;
  readonly strictApi?: boolean;
  readonly listCallsPerMinute?: number | null;
  readonly clock?: { readonly start?: string; readonly mode?: ClockMode };
  readonly folders: readonly TenantFolder[];
  readonly users?: readonly TenantUser[];
  readonly applications?: readonly TenantApplication[];
  readonly machines?: readonly TenantMachine[];
  readonly robots?: readonly TenantRobot[];
  readonly environments?: readonly TenantEnvironment[];
  readonly processes?: readonly TenantProcess[];
  readonly queues?: readonly TenantQueue[];
  readonly items?: readonly TenantItem[];
  readonly jobs?: readonly TenantJob[];
  /** The next Ids and RowVersion to be given out, where they do not just follow the highest one here. */
  readonly next?: { readonly item?: number; readonly job?: number; readonly rowVersion?: string };
}

export interface TenantFolder {
  readonly path: string;
  readonly type?: "modern" | "classic" | "personal";
  readonly id?: number;
  readonly key?: string;
  readonly description?: string;
}

/** Permissions by Orchestrator's names, in a folder and those below it, or everywhere. */
export interface TenantGrant {
  readonly folder?: string;
  readonly names: readonly string[];
}

interface TenantUser {
  readonly userName: string;
  readonly name?: string;
  readonly surname?: string;
  readonly email?: string;
  readonly type?: "User" | "Robot" | "DirectoryUser" | "DirectoryGroup" | "DirectoryRobot";
  readonly active?: boolean;
  readonly reviewer?: boolean;
  readonly password?: string;
  readonly tokens?: readonly string[];
  readonly folders?: readonly string[];
  readonly permissions?: readonly TenantGrant[];
  readonly id?: number;
  readonly key?: string;
}

interface TenantApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes?: readonly string[];
  readonly permissions?: readonly TenantGrant[];
  readonly tokenLifetime?: string;
}

interface TenantMachine {
  readonly name: string;
  readonly type?: "Standard" | "Template";
  readonly description?: string;
  readonly id?: number;
  readonly key?: string;
}

interface TenantRobot {
  readonly name: string;
  readonly folders?: readonly string[];
  readonly machine?: string;
  readonly userName?: string;
  readonly user?: string;
  readonly type?: "NonProduction" | "Attended" | "Unattended" | "Development";
  readonly description?: string;
  readonly id?: number;
  readonly key?: string;
}

interface TenantEnvironment {
  readonly name: string;
  readonly folder?: string;
  readonly robots?: readonly string[];
  readonly description?: string;
  readonly id?: number;
}

/** What a job that fails says of it. */
interface TenantJobError {
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly category?: "User" | "Deployment" | "System";
}

export interface TenantRun {
  readonly pending?: string;
  readonly duration?: string;
  readonly state?: FinalState;
  readonly info?: string;
  readonly error?: TenantJobError;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly softStop?: string;
}

export interface TenantArgument {
  readonly name: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly hasDefault?: boolean;
}

/** Where a process can begin, and what it takes there. */
interface TenantEntryPoint {
  readonly path: string;
  readonly input?: readonly TenantArgument[];
}

export interface TenantProcess {
  readonly name: string;
  readonly folder?: string;
  readonly package?: string;
  readonly version?: string;
  readonly description?: string;
  readonly environment?: string;
  readonly arguments?: { readonly input?: readonly TenantArgument[]; readonly output?: readonly TenantArgument[] };
  readonly entryPoints?: readonly TenantEntryPoint[];
  readonly inputArguments?: Readonly<Record<string, unknown>>;
  readonly run?: TenantRun & {
    readonly cases?: readonly (TenantRun & { readonly when: Readonly<Record<string, unknown>> })[];
  };
  readonly retentionDays?: number;
  readonly id?: number;
  readonly key?: string;
}

/** When a queue starts jobs of a process by itself. */
interface TenantTrigger {
  readonly process: string;
  readonly threshold?: number;
  readonly maxJobs?: number;
  readonly itemsPerJob?: number;
}

export interface TenantQueue {
  readonly name: string;
  readonly folder?: string;
  readonly linkedFolders?: readonly string[];
  readonly description?: string;
  readonly uniqueReferences?: boolean;
  readonly maxRetries?: number;
  readonly autoRetry?: boolean;
  readonly encrypted?: boolean;
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
  readonly trigger?: string | TenantTrigger;
  readonly retryAbandoned?: boolean;
  readonly retention?: { readonly finalDays?: number; readonly newDays?: number };
  readonly brokenIndex?: boolean;
  readonly id?: number;
  readonly key?: string;
}

export interface TenantEvent {
  readonly time: string;
  readonly action: "Create" | "Edit" | "Delete" | "Status" | "Retry";
  readonly user?: string;
  readonly status?: ItemStatusName;
  readonly reviewStatus?: ReviewStatusName;
  readonly reviewer?: string;
  readonly id?: number;
}

interface TenantComment {
  readonly text: string;
  readonly time?: string;
  readonly user?: string;
  readonly id?: number;
}

type ItemStatusName = "New" | "InProgress" | "Failed" | "Successful" | "Abandoned" | "Retried" | "Deleted";
type ReviewStatusName = "None" | "InReview" | "Verified" | "Retried";

export interface TenantItem {
  readonly queue: string;
  readonly folder?: string;
  readonly count?: number;
  readonly reference?: string;
  readonly status?: ItemStatusName;
  readonly reviewStatus?: ReviewStatusName;
  readonly reviewer?: string;
  readonly robot?: string;
  readonly priority?: "High" | "Normal" | "Low";
  readonly content?: Readonly<Record<string, string | number | boolean | null>>;
  readonly output?: Readonly<Record<string, string | number | boolean | null>>;
  readonly exception?: {
    readonly type: "ApplicationException" | "BusinessException";
    readonly reason?: string;
    readonly details?: string;
  };
  readonly deferDate?: string;
  readonly dueDate?: string;
  readonly riskSlaDate?: string;
  readonly created?: string;
  readonly started?: string;
  readonly ended?: string;
  readonly secondsInPreviousAttempts?: number;
  readonly retryNumber?: number;
  readonly ancestor?: number;
  readonly progress?: string;
  readonly events?: readonly TenantEvent[];
  readonly comments?: readonly TenantComment[];
  readonly id?: number;
  readonly key?: string;
  readonly rowVersion?: string;
}

export interface TenantJob {
  readonly process: string;
  readonly folder?: string;
  readonly count?: number;
  readonly state?: "Pending" | "Running" | "Stopping" | "Faulted" | "Successful" | "Stopped" | "Suspended" | "Resumed";
  readonly robot?: string;
  readonly reference?: string;
  readonly batchKey?: string;
  readonly inputArguments?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly info?: string;
  readonly error?: TenantJobError;
  readonly created?: string;
  readonly started?: string;
  readonly ended?: string;
  readonly id?: number;
  readonly key?: string;
}
