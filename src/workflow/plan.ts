import type { CompileContentSchema } from "../core/content-schema.ts";
import { InternalError, PlanRefusedError } from "../core/errors.ts";
import { sortDiagnostics, type Diagnostic } from "../core/diagnostic.ts";
import { checkGuards, type GuardName, type Guards } from "../core/guard.ts";
import { compareResources, levels } from "../core/order.ts";
import type { MakeSpool } from "../core/list.ts";
import type { JsonWithSecrets } from "../core/secret.ts";
import { seal } from "../core/plan-file.ts";
import { summarize, type Plan, type PlannedResource, type PlanTarget, type Price } from "../core/plan.ts";
import { keyIdentity, type DesiredResource, type Kind, type ResourceKey } from "../core/resource.ts";
import { capabilitiesOf, oldestWritable } from "../kinds/capabilities.ts";
import type { PlanContext, ResourcePlan } from "../kinds/definition.ts";
import { isMissing } from "../kinds/live.ts";
import { refused, unknownName } from "../kinds/refuse.ts";
import type { Assumption } from "../kinds/lease/ledger.ts";
import type { QueueItemsLive } from "../kinds/queue-items/live.ts";
import type { QueueItemsSpec } from "../kinds/queue-items/spec.ts";
import { definitions } from "../kinds/registry.ts";
import { gateways } from "../orchestrator/gateways/registry.ts";
import type { TenantReader } from "../orchestrator/read/tenant.ts";
import { blockConflicts } from "./conflicts.ts";
import { emitWaits, type Emit } from "./emit.ts";
import { fileSpool } from "./files/spool.ts";
import { planLease, type Guarding } from "./plan-lease.ts";
import { isForbidden, unreadable } from "./permission.ts";
import { Pool } from "./pool.ts";
import { blockTurns, readBeside, reviewedTwice, type PlannedBeside } from "./turns.ts";

/** What a plan is made of. */
export interface PlanInput {
  readonly resources: readonly DesiredResource[];
  /** True when any manifest of the project names this reference in this queue: prune never touches it. */
  readonly isNamed: (queue: string, reference: string) => boolean;
  readonly target: Omit<PlanTarget, "apiVersion">;
  /** Undefined: no guard holds (embedded targets). */
  readonly guards?: Partial<Guards>;
  readonly forced: readonly GuardName[];
  /** Whom `--rerun` names. Left out: nobody. */
  readonly isRerun?: (key: ResourceKey) => boolean;
  readonly reader: TenantReader;
  readonly parallelism: number;
  readonly toolVersion: string;
  /** Warnings about the manifests, kept in the plan. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where a value of a queue item stands in its file. */
  readonly locate: PlanContext["locate"];
  /** What keeps a second apply away. Left out: nothing, and a plan that needs it says so. */
  readonly lease?: Guarding;
  /** What became of starts that the ledger knows and nobody can see: `--assume`. */
  readonly assume?: Assumption;
  /** Where changes go. @default memory while they are few, else a temporary file */
  readonly makeSpool?: MakeSpool;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Reads live state and reconciles it with the manifests. Nothing is written to the tenant. */
export async function makePlan(input: PlanInput): Promise<Plan> {
  const { reader } = input;
  using stack = new DisposableStack();
  stack.use(emitWaits(reader.client, input.emit));
  stack.defer(() => reader.items.release());
  const apiVersion = await reader.apiVersion(input.signal);
  if (!capabilitiesOf(apiVersion).canWrite) {
    throw new PlanRefusedError(`the server speaks API ${apiVersion}, and orch-sync needs ${oldestWritable} or later`, {
      hint: `API ${oldestWritable} is Orchestrator 2022.10`,
    });
  }
  const levelOf = levels(input.resources).level;
  const pool = new Pool(input.parallelism);
  await allOrFirstError(input.signal, (signal) =>
    input.resources.map((each) => pool.run(() => announce(each, reader, signal))),
  );
  const shared = reviewedTwice(input.resources);
  const planned = await allOrFirstError(input.signal, (signal) =>
    input.resources.map((resource) =>
      pool.run(() => planResource(resource, apiVersion, { levelOf, shared }, { ...input, signal })),
    ),
  );
  const unleased = blockConflicts(blockTurns(planned).toSorted(compareResources), input.makeSpool ?? fileSpool);
  const { lease, assume, signal } = input;
  const leased = await planLease(unleased, { lease, assume, reader, signal });
  const { resources } = leased;
  const summary = summarize(resources);
  const { listCallsPerMinute } = reader.client;
  const base = {
    entries: total(planned, (each) => each.entries),
    delete: total(planned, (each) => each.selected.delete ?? 0),
    stop: total(planned, (each) => each.selected.stop ?? 0),
    jobs: total(planned, (each) => each.selected.start ?? 0),
  };
  return seal({
    target: { ...input.target, apiVersion },
    createdAt: reader.now().toISOString(),
    toolVersion: input.toolVersion,
    resources,
    summary,
    price: {
      read: reader.spent(),
      apply: applyPrice(resources, leased.price),
      ...(listCallsPerMinute === undefined ? {} : { listCallsPerMinute }),
    },
    reads: {
      ...reader.reads(),
      ...(leased.price.calls === 0 ? {} : { lease: leased.price }),
    },
    guards: checkGuards(summary, input.guards, base, input.forced, input.target.shard?.count),
    diagnostics: sortDiagnostics([
      ...input.diagnostics,
      ...planned.flatMap(({ diagnostics }) => diagnostics),
      ...leased.diagnostics,
    ]),
  });
}

/** Says what the resource will read, so that reads can be shared. What it may not see, its own read tells. */
async function announce(desired: DesiredResource, reader: TenantReader, signal: AbortSignal): Promise<void> {
  try {
    await gateways[desired.key.kind].announce?.(desired, reader, signal);
  } catch (error) {
    if (!isForbidden(error)) throw error;
  }
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

interface Planned extends PlannedBeside {
  readonly entries: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly selected: NonNullable<ResourcePlan["selected"]>;
}

/** What the other resources mean for one of them. */
interface Among {
  readonly levelOf: ReadonlyMap<string, number>;
  readonly shared: ReadonlySet<string>;
}

async function planResource(
  desired: DesiredResource,
  apiVersion: number,
  { levelOf, shared }: Among,
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
    return {
      resource: { ...base, ...finished(plan) },
      entries: 0,
      diagnostics: [],
      selected: {},
    };
  }
  for (const part of partsWithSecrets(desired)) reader.client.learnSecrets(part);
  const definition = definitions[key.kind];
  const read = await readLive(desired, input);
  if (isForbidden(read)) {
    const plan = unreadable(desired, read);
    return {
      resource: { ...base, folder, ...finished(plan) },
      entries: 0,
      diagnostics: [],
      selected: {},
    };
  }
  const context: PlanContext = {
    now: reader.now(),
    folder,
    apiVersion,
    isNamed: input.isNamed,
    emptySetForced: input.forced.includes("emptySet"),
    ...(input.isRerun === undefined ? {} : { isRerun: input.isRerun }),
    makeSpool: input.makeSpool ?? fileSpool,
    compileContentSchema: await contentCompiler(key.kind, read),
    locate: input.locate,
  };
  const plan = definition.plan(desired as never, read as never, context);
  const made = finished(plan);
  input.emit({ type: "reading", key, title: plan.title });
  const { diagnostics = [], selected = {} } = plan;
  const entries = definition.entries(desired.spec as never, made.changes);
  const spec = definition.kept?.(desired.spec as never) ?? desired.spec;
  const { whole } = desired.part ?? {};
  const wanted = {
    spec,
    entries,
    ...(whole === undefined ? {} : { whole: whole.entries }),
    selected,
  };
  const resource = { ...base, folder, ...made, desired: wanted };
  return {
    resource,
    entries,
    diagnostics,
    selected,
    ...readBeside(desired, read, shared),
  };
}

/** Loaded only where a queue has a schema: Ajv is the largest package of all, and most queues have none. */
async function contentCompiler(kind: Kind, read: unknown): Promise<CompileContentSchema> {
  const { queue } = read as Partial<QueueItemsLive>;
  if (kind !== "QueueItems" || queue === undefined || isMissing(queue) || queue.contentSchema === undefined) {
    return () => {
      throw new InternalError("no queue was seen that has a schema");
    };
  }
  return (await import("../document/content-schema.ts")).compileContentSchema;
}

/** What may hold secrets: a million items are gone through only where there is one. */
function* partsWithSecrets({ key, spec }: DesiredResource): Generator<JsonWithSecrets, void, undefined> {
  if (key.kind !== "QueueItems") {
    yield spec as JsonWithSecrets;
    return;
  }
  const { items, secretKeys } = spec as QueueItemsSpec;
  for (const { content = {} } of secretKeys === undefined ? [] : items) yield content;
}

/** Live state, or why this account may not see it. */
async function readLive(desired: DesiredResource, { reader, signal }: PlanInput): Promise<unknown> {
  try {
    return await gateways[desired.key.kind].read(desired, reader, signal);
  } catch (error) {
    if (isForbidden(error)) return error;
    throw error;
  }
}

function unknownFolder(folder: { missing: string; nearest?: string }): ReturnType<typeof unknownName> {
  const { hint } = unknownName("folder-unknown", "folder", folder, "");
  // Orchestrator answers both cases alike (errorCode 1100), so neither can be ruled out.
  const text = `folder ${folder.missing} does not exist, or these credentials have no access to it`;
  return {
    reason: { code: "folder-unknown", text },
    ...(hint === undefined ? {} : { hint }),
  };
}

type Finished = Pick<PlannedResource, "title" | "settings" | "observed" | "notes" | "changes">;

function finished({ title, settings, observed = {}, notes, changes }: ResourcePlan): Finished {
  return { title, settings, observed, notes, changes };
}

function applyPrice(resources: readonly PlannedResource[], lease: Price): Price {
  const prices = [lease, ...resources.map((resource) => gateways[resource.key.kind].price(resource))];
  return {
    calls: total(prices, (price) => price.calls),
    listCalls: total(prices, (price) => price.listCalls),
  };
}

function total<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0);
}
