import type { PlanSummary } from "./plan.ts";

/** Limits on what one plan may do. A number, or a share of the entries in the manifests such as "20%". */
type GuardLimit = number | `${number}%`;

export const guardNames = [
  "maxCreates",
  "maxUpdates",
  "maxStarts",
  "maxDeletes",
  "maxStops",
  "maxAssignments",
  "emptySet",
] as const;
export type GuardName = (typeof guardNames)[number];
type CountGuardName = Exclude<GuardName, "emptySet">;
export type Guards = Readonly<Record<CountGuardName, GuardLimit>>;

/** What holds for a target that sets no guards of its own. */
const defaultGuards: Guards = {
  maxCreates: 10_000,
  maxUpdates: 1000,
  maxStarts: 10,
  maxDeletes: 0,
  maxStops: 0,
  maxAssignments: 1000,
};

export interface GuardViolation {
  readonly guard: GuardName;
  readonly count: number;
  readonly limit: GuardLimit;
  readonly message: string;
  /** True when `--force` named this guard. */
  readonly forced: boolean;
}

const guarded: Readonly<Record<CountGuardName, { action: keyof PlanSummary; verb: string; of: keyof GuardBase }>> = {
  maxCreates: { action: "create", verb: "create", of: "entries" },
  maxUpdates: { action: "update", verb: "update", of: "entries" },
  maxStarts: { action: "start", verb: "start", of: "entries" },
  maxDeletes: { action: "delete", verb: "delete", of: "delete" },
  maxStops: { action: "stop", verb: "stop", of: "stop" },
  maxAssignments: { action: "assign", verb: "assign", of: "entries" },
};

/** What a summary does not say. Shares are of entries in the manifests; of deletes and stops, of what is selected. */
export interface GuardBase {
  readonly entries: number;
  readonly delete: number;
  readonly stop: number;
  /** Jobs that the starts may create, retries included, as far as that is known: what `maxStarts` counts. */
  readonly jobs: number;
}

/**
 * Every guard that a plan exceeds. `guards` undefined: none hold (embedded targets). Of a number that holds for all
 * `shards` together each may use an even share, rounded up: no shard sees what the others do.
 */
export function checkGuards(
  summary: PlanSummary,
  guards: Partial<Guards> | undefined,
  base: GuardBase,
  forced: readonly GuardName[],
  shards: number = 1,
): GuardViolation[] {
  if (guards === undefined) return [];
  const violations: GuardViolation[] = [];
  for (const [name, { action, verb, of }] of Object.entries(guarded) as [
    CountGuardName,
    (typeof guarded)[CountGuardName],
  ][]) {
    const limit = guards[name] ?? defaultGuards[name];
    const count = action === "start" ? Math.max(summary.start, base.jobs) : summary[action];
    const allowed =
      typeof limit === "number" ? Math.ceil(limit / shards) : Math.floor((base[of] * Number(limit.slice(0, -1))) / 100);
    if (count <= allowed) continue;
    const what = count === summary[action] ? `${count}` : `${count} jobs`;
    const here = shards > 1 && typeof limit === "number" ? `, ${allowed} in each of ${shards} shards` : "";
    const share = typeof limit === "number" ? here : ` (${allowed})`;
    const message = `${what} to ${verb}, ${name} allows ${limit}${share}`;
    violations.push({ guard: name, count, limit, message, forced: forced.includes(name) });
  }
  return violations;
}
