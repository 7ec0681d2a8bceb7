import { ManifestError, PlanRefusedError } from "../../core/errors.ts";
import { countActions, only } from "../../core/change-spool.ts";
import { fold } from "../../core/fold.ts";
import { checkGuards, type GuardName, type Guards, type GuardViolation } from "../../core/guard.ts";
import { summarize, type Plan, type PlannedResource } from "../../core/plan.ts";
import type { ValueSources } from "../../document/values.ts";
import type { TenantReader } from "../../orchestrator/read/tenant.ts";
import type { Emit } from "../emit.ts";
import { makePlan } from "../plan.ts";
import { compare, type Comparison } from "./compare.ts";
import { restore } from "./restore.ts";

/** A saved plan, and where it is to be applied. */
export interface PlanAgainInput {
  readonly saved: Plan;
  readonly target: { readonly name: string; readonly url: string };
  /** Where secrets are looked up. */
  readonly values: ValueSources;
  /** Those of the configuration now. Undefined: none hold. */
  readonly guards?: Partial<Guards>;
  readonly forced: readonly GuardName[];
  /** Milliseconds that a plan may be old, by the server's clock. Left out: any. */
  readonly maxAge?: number;
  readonly reader: TenantReader;
  readonly parallelism: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What is left of a saved plan, to be carried out under its own id. */
export interface PlannedAgain extends Omit<Comparison, "resources"> {
  readonly plan: Plan;
}

/**
 * Reads the tenant once more and plans each key of a saved plan again.
 * @throws PlanRefusedError for another target or a plan that is too old, ManifestError for a secret that is not set.
 */
export async function planAgain(input: PlanAgainInput): Promise<PlannedAgain> {
  const { saved, target, reader, signal, forced } = input;
  if (saved.target.url !== target.url) {
    throw new PlanRefusedError(
      `the plan was made for ${saved.target.url}, and the target ${target.name} is ${target.url}`,
      {
        hint: "name the target that it was made for with --target",
      },
    );
  }
  const { resources, diagnostics } = restore(saved, input.values);
  if (diagnostics.length > 0) throw new ManifestError("secrets of the plan are not set", diagnostics);
  await reader.apiVersion(signal);
  checkAge(input);
  const fresh = await makePlan({
    resources,
    isNamed: allBut(saved),
    target: saved.target.shard === undefined ? target : { ...target, shard: saved.target.shard },
    // The set that the plan was made of had entries, or this guard is looked at below.
    forced: [...forced, "emptySet"],
    reader,
    parallelism: input.parallelism,
    toolVersion: saved.toolVersion,
    diagnostics: saved.diagnostics,
    locate: (entry) => entry,
    emit: input.emit,
    signal,
  });
  const { resources: left, ...found } = compare(saved, fresh);
  const summary = summarize(left);
  const guards = guardsNow(input, summary, left);
  const plan = { ...saved, target: fresh.target, resources: left, summary, guards, price: fresh.price };
  return { plan, ...found };
}

/** By the server's clock, which has also dated the plan. */
function checkAge({ saved, maxAge, reader }: PlanAgainInput): void {
  const age = reader.now().getTime() - Date.parse(saved.createdAt);
  if (maxAge === undefined || age <= maxAge) return;
  const [old, allowed] = [age, maxAge].map((ms) => `${Math.ceil(ms / 1000).toLocaleString("en")} s`);
  throw new PlanRefusedError(`the plan is ${old} old by the server's clock, and --max-age allows ${allowed}`, {
    hint: "plan and review again",
  });
}

/** Of what a prune selects now, everything counts as named but what the plan deletes from that queue. */
function allBut(saved: Plan): (queue: string, reference: string) => boolean {
  const doomed = new Set<string>();
  for (const { settings, changes } of saved.resources) {
    const { queueName } = settings;
    if (typeof queueName !== "string") continue;
    for (const { key } of only(changes, (action) => action === "delete")) {
      doomed.add(nameOf(queueName, key.entry ?? ""));
    }
  }
  return (queue, reference) => !doomed.has(nameOf(queue, reference));
}

function nameOf(queue: string, reference: string): string {
  return JSON.stringify([fold(queue), fold(reference)]);
}

function guardsNow(
  { saved, guards, forced }: PlanAgainInput,
  summary: Plan["summary"],
  left: readonly PlannedResource[],
): GuardViolation[] {
  const base = { entries: 0, delete: 0, stop: 0, jobs: 0 };
  for (const { desired } of saved.resources) {
    base.entries += desired?.entries ?? 0;
    base.delete += desired?.selected.delete ?? 0;
    base.stop += desired?.selected.stop ?? 0;
  }
  for (const { desired } of left) base.jobs += desired?.selected.start ?? 0;
  return [...checkGuards(summary, guards, base, forced, saved.target.shard?.count), ...emptySets(saved, forced)];
}

/** Sets without entries that prune: a plan holds their deletions only where --force emptySet was given. */
function emptySets({ resources }: Plan, forced: readonly GuardName[]): GuardViolation[] {
  return resources.flatMap(({ key, desired, changes }): GuardViolation[] => {
    if (key.kind !== "QueueItems" || (desired?.whole ?? desired?.entries) !== 0) return [];
    const count = countActions(changes).delete;
    if (count === 0) return [];
    const message = `${key.name} names no items, and ${count} would be deleted`;
    return [{ guard: "emptySet", count, limit: 0, message, forced: forced.includes("emptySet") }];
  });
}
