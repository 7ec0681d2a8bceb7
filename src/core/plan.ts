import { actions, type Action, type Change } from "./change.ts";
import { countActions, only } from "./change-spool.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { GuardViolation } from "./guard.ts";
import type { List } from "./list.ts";
import type { JsonObject } from "./json.ts";
import type { Price } from "./price.ts";
import type { Reads } from "./reads.ts";
import type { ResourceKey } from "./resource.ts";
import type { Shard } from "./shard.ts";
import type { SourceSpan } from "./source.ts";

/** Where a plan may be applied. */
export interface PlanTarget {
  readonly name: string;
  /** The base URL; `embedded:` and the tenant file's name for an embedded target, never its port. */
  readonly url: string;
  /** The server's API version, from `api-supported-versions`: 16 for 2023.4. */
  readonly apiVersion: number;
  /** Which part of the work the plan is, where several machines do it side by side. Left out: all of it. */
  readonly shard?: Shard;
}

/** The folder as the server knows it. The Id can change with the licence plan, the Key stays. */
export interface PlanFolder {
  readonly id: number;
  readonly key: string;
  readonly path: string;
  readonly type: "classic" | "modern";
}

/** The changes of one resource, with what their operations need to know. */
export interface PlannedResource {
  readonly key: ResourceKey;
  /** Dependencies have lower levels. */
  readonly level: number;
  readonly dependsOn: readonly ResourceKey[];
  /** Missing when the folder was not found: then the only change is the blocked line that says so. */
  readonly folder?: PlanFolder;
  /** What the resource is about: `queue DocQueue`, `process InvoiceSmokeTest`. */
  readonly title: string;
  /** Kind-specific facts for the operations: queue id, commit mode, how to wait. */
  readonly settings: JsonObject;
  /** What planning saw and writing looks at again, such as a watermark. Outside the plan's id. */
  readonly observed: JsonObject;
  /** In the order in which views list them; there may be a million. */
  readonly changes: List<Change>;
  /** Warnings about the resource as a whole: `seeding starts jobs of PROCESS`. */
  readonly notes: readonly string[];
  readonly source: SourceSpan;
  /** What it was planned from, without entries: an apply of the saved plan plans again. Left out: it never will be. */
  readonly desired?: PlannedDesire;
}

/** What the manifest says, apart from entries: those are in the changes. */
interface PlannedDesire {
  /** The kind's spec, of plain values and secrets. */
  readonly spec: unknown;
  /** How many entries the manifest has, and the live ones that it selects: what shares of guards are taken of. */
  readonly entries: number;
  /** How many entries the whole set has, where these are those of one shard. */
  readonly whole?: number;
  readonly selected: { readonly delete?: number; readonly stop?: number; readonly start?: number };
}

export type { Price } from "./price.ts";

export type PlanSummary = Readonly<Record<Action, number>> & { readonly startAgain: number };

/** An ordered, serialisable value: what is reviewed is what is applied. */
export interface Plan {
  readonly id: string;
  /** SHA-256 of every line of the plan file but the last, creation time included: unique for each planning. */
  readonly sha256: string;
  readonly target: PlanTarget;
  /** The server's clock, ISO 8601. */
  readonly createdAt: string;
  readonly toolVersion: string;
  readonly resources: readonly PlannedResource[];
  readonly summary: PlanSummary;
  /** What planning cost, and what applying will cost at least. */
  readonly price: {
    readonly read: Price;
    readonly apply: Price;
    /** List calls a minute that the target's budget allows; left out: any number. */
    readonly listCallsPerMinute?: number;
  };
  /** How live state was read; not part of what the plan is bound to. */
  readonly reads?: Reads;
  readonly guards: readonly GuardViolation[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Hex digits of an id that name a plan well enough to be told by hand. */
export const shortestId = 12;

/** True when the plan has the id that somebody expects, or begins with what was told of it. */
export function hasId({ id }: Pick<Plan, "id">, expected: string | undefined): boolean {
  return expected === undefined || (expected.length >= shortestId && id.startsWith(expected));
}

/** Counts the lines of a plan by action; `startAgain` is the part of `start` that ran before. */
export function summarize(resources: readonly PlannedResource[]): PlanSummary {
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
  let startAgain = 0;
  for (const { changes } of resources) {
    const own = countActions(changes);
    for (const action of actions) counts[action] += own[action];
    for (const change of only(changes, (action) => action === "start")) {
      if (change.action === "start" && change.run === "again") startAgain++;
    }
  }
  return { ...counts, startAgain };
}

/** How many changes an apply would carry out or wait for. */
export function countPending(summary: PlanSummary): number {
  return actions.reduce((sum, action) => sum + (action === "no-op" || action === "blocked" ? 0 : summary[action]), 0);
}

/** True when an apply would do or wait for anything. */
export function hasPendingChanges(summary: PlanSummary): boolean {
  return countPending(summary) > 0;
}

/** True when `apply` must refuse before any write. */
export function isRefused(plan: Pick<Plan, "summary" | "guards">): boolean {
  return plan.summary.blocked > 0 || plan.guards.some((guard) => !guard.forced);
}
