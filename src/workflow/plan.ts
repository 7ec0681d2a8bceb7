import { InternalError, PlanRefusedError } from "../core/errors.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import { checkGuards, type GuardName, type Guards } from "../core/guard.ts";
import { compareResources, levels } from "../core/order.ts";
import { seal, summarize, type Plan, type PlannedResource, type PlanTarget, type Price } from "../core/plan.ts";
import { keyIdentity, type DesiredResource } from "../core/resource.ts";
import { capabilitiesOf, oldestWritable } from "../kinds/capabilities.ts";
import type { PlanContext, ResourcePlan } from "../kinds/definition.ts";
import { isMissing } from "../kinds/live.ts";
import { refused, unknownName } from "../kinds/refuse.ts";
import { definitions } from "../kinds/registry.ts";
import { gateways } from "../orchestrator/gateways/registry.ts";
import type { TenantReader } from "../orchestrator/read/tenant.ts";
import { blockConflicts } from "./conflicts.ts";
import { emitWaits, type Emit } from "./emit.ts";
import { Pool } from "./pool.ts";

/** What a plan is made of. */
export interface PlanInput {
  readonly resources: readonly DesiredResource[];
  /** True when any manifest of the project names this reference in this queue: prune never touches it. */
  readonly isNamed: (queue: string, reference: string) => boolean;
  readonly target: Omit<PlanTarget, "apiVersion">;
  /** Undefined: no guard holds (embedded targets). */
  readonly guards?: Partial<Guards>;
  readonly forced: readonly GuardName[];
  readonly reader: TenantReader;
  readonly parallelism: number;
  readonly toolVersion: string;
  /** Warnings about the manifests, kept in the plan. */
  readonly diagnostics: readonly Diagnostic[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Reads live state and reconciles it with the manifests. Nothing is written to the tenant. */
export async function makePlan(input: PlanInput): Promise<Plan> {
  const { reader } = input;
  using stack = new DisposableStack();
  stack.use(emitWaits(reader.client, input.emit));
  const apiVersion = await reader.apiVersion(input.signal);
  if (!capabilitiesOf(apiVersion).canWrite) {
    throw new PlanRefusedError(`the server speaks API ${apiVersion}, and orch-sync needs ${oldestWritable} or later`, {
      hint: `API ${oldestWritable} is Orchestrator 2022.10`,
    });
  }
  const levelOf = levels(input.resources).level;
  const pool = new Pool(input.parallelism);
  await allOrFirstError(input.signal, (signal) =>
    input.resources.map((each) =>
      pool.run(async () => gateways[each.key.kind].announce?.(each as never, reader, signal)),
    ),
  );
  const planned = await allOrFirstError(input.signal, (signal) =>
    input.resources.map((resource) =>
      pool.run(() => planResource(resource, apiVersion, levelOf, { ...input, signal })),
    ),
  );
  const resources = blockConflicts(planned.map(({ resource }) => resource).toSorted(compareResources));
  const summary = summarize(resources);
  const { listCallsPerMinute } = reader.client;
  const base = {
    entries: total(planned, (each) => each.entries),
    delete: total(planned, (each) => each.selected.delete ?? 0),
    stop: total(planned, (each) => each.selected.stop ?? 0),
  };
  return seal({
    target: { ...input.target, apiVersion },
    createdAt: reader.now().toISOString(),
    toolVersion: input.toolVersion,
    resources,
    summary,
    price: {
      read: reader.spent(),
      apply: applyPrice(resources),
      ...(listCallsPerMinute === undefined ? {} : { listCallsPerMinute }),
    },
    reads: reader.reads(),
    guards: checkGuards(summary, input.guards, base, input.forced),
    diagnostics: input.diagnostics,
  });
}

/** The first error ends all other reading, and nothing is left under way when it is thrown. */
async function allOrFirstError<T>(signal: AbortSignal, begin: (signal: AbortSignal) => Promise<T>[]): Promise<T[]> {
  const stop = new AbortController();
  const tasks = begin(AbortSignal.any([signal, stop.signal]));
  try {
    return await Promise.all(tasks);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(tasks);
    throw error;
  }
}

interface Planned {
  readonly resource: PlannedResource;
  readonly entries: number;
  readonly selected: NonNullable<ResourcePlan["selected"]>;
}

async function planResource(
  desired: DesiredResource,
  apiVersion: number,
  levelOf: ReadonlyMap<string, number>,
  input: PlanInput,
): Promise<Planned> {
  const { reader, signal } = input;
  const { key, dependsOn, source } = desired;
  const level = levelOf.get(keyIdentity(key));
  if (level === undefined) throw new InternalError(`no level for ${keyIdentity(key)}`);
  const folder = await reader.folder(key.folder, signal);
  const base = { key, level, dependsOn, source };
  if (isMissing(folder)) {
    const plan = refused(desired, `folder ${folder.missing}`, [unknownFolder(folder)]);
    return { resource: { ...base, ...finished(plan) }, entries: 0, selected: {} };
  }
  const definition = definitions[key.kind];
  const live = await gateways[key.kind].read(desired, reader, signal);
  const context: PlanContext = {
    now: reader.now(),
    folder,
    apiVersion,
    isNamed: input.isNamed,
    emptySetForced: input.forced.includes("emptySet"),
  };
  const plan = definition.plan(desired as never, live as never, context);
  const resource = { ...base, folder, ...finished(plan) };
  input.emit({ type: "reading", key, title: plan.title });
  return { resource, entries: definition.entries(desired.spec as never), selected: plan.selected ?? {} };
}

function unknownFolder(folder: { missing: string; nearest?: string }): ReturnType<typeof unknownName> {
  const { hint } = unknownName("folder-unknown", "folder", folder, "");
  // Orchestrator answers both cases alike (errorCode 1100), so neither can be ruled out.
  const text = `folder ${folder.missing} does not exist, or these credentials have no access to it`;
  return { reason: { code: "folder-unknown", text }, ...(hint === undefined ? {} : { hint }) };
}

type Finished = Pick<PlannedResource, "title" | "settings" | "observed" | "notes" | "changes">;

function finished({ title, settings, observed = {}, notes, changes }: ResourcePlan): Finished {
  return { title, settings, observed, notes, changes: [...changes] };
}

function applyPrice(resources: readonly PlannedResource[]): Price {
  const prices = resources.map((resource) => gateways[resource.key.kind].price(resource));
  return { calls: total(prices, (price) => price.calls), listCalls: total(prices, (price) => price.listCalls) };
}

function total<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0);
}
