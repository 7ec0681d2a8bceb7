import { isPending, type Change } from "../../core/change.ts";
import type { Clock } from "../../core/clock.ts";
import { PlanRefusedError } from "../../core/errors.ts";
import { countOutcomes, isSuccess, type Ending, type Outcome } from "../../core/outcome.ts";
import { isRefused, type Plan, type PlannedResource } from "../../core/plan.ts";
import type { ApplyReport } from "../../core/report.ts";
import { keyIdentity, shortKey, type ResourceKey } from "../../core/resource.ts";
import { gateways } from "../../orchestrator/gateways/registry.ts";
import type { TenantReader } from "../../orchestrator/read/tenant.ts";
import { emitWaits, type Emit } from "../emit.ts";
import { Lanes, Pool } from "../pool.ts";
import type { Journal } from "./journal.ts";
import { announce, conclude, tally } from "./progress.ts";
import type { ProtocolWorld } from "./protocol.ts";
import { runResource, type ResourceResult, type ResourceWorld } from "./run-resource.ts";
import { withoutJournal } from "./write-log.ts";

/** How a plan is carried out. Times in milliseconds. */
export interface ApplyInput {
  readonly plan: Plan;
  readonly reader: TenantReader;
  readonly clock: Clock;
  readonly timing: { readonly settle: number; readonly poll: number };
  readonly parallelism: number;
  readonly emit: Emit;
  /** Where every write is written down before it is sent; see `beginJournal`. Left out: nowhere. */
  readonly journal?: Journal;
  /** Asked right before each request of a write: a text is why it must not be sent. Left out: all may. */
  readonly permit?: ProtocolWorld["permit"];
  /** Aborts: finish what is in flight, begin nothing more, report. Its reason is "signal" or "timeout". */
  readonly draining: AbortSignal;
  /** Aborts: stop at once and report. */
  readonly signal: AbortSignal;
}

/** Carries a plan out and says truthfully what became of each change. Refuses, before any write, what may not go. */
export async function applyPlan(input: ApplyInput): Promise<ApplyReport> {
  const { plan, clock, reader } = input;
  if (isRefused(plan)) throw new PlanRefusedError("the plan has blocked lines or exceeds a guard");
  using stack = new DisposableStack();
  stack.use(emitWaits(reader.client, input.emit));
  reader.client.leaveBy(input.draining);
  const startedAt = clock.now();
  const before = reader.spent().calls;
  const pending = plan.resources.flatMap((resource) => Iterator.from(resource.changes).filter(isPending).toArray());
  input.emit({ type: "apply-started", planId: plan.id, pending: pending.length });
  const outcomes = await new Apply(input).outcomes();
  await input.journal?.end(countOutcomes(outcomes));
  return {
    planId: plan.id,
    target: plan.target,
    startedAt: startedAt.toISOString(),
    durationMs: clock.now().getTime() - startedAt.getTime(),
    calls: reader.spent().calls - before,
    counts: countOutcomes(outcomes),
    outcomes,
    ...(input.draining.aborted ? { interrupted: input.draining.reason === "timeout" ? "timeout" : "signal" } : {}),
    waitTimedOut: outcomes.some((each) => each.leftRunning === "timeout"),
  };
}

type Verdict = "done" | "not-done";

/** Each resource begins when all that it depends on has succeeded; whatever is independent goes side by side. */
class Apply {
  readonly #input: ApplyInput;
  readonly #world: ResourceWorld;
  readonly #verdicts = new Map<string, Promise<Verdict>>();
  readonly #outcomes = new Map<PlannedResource, readonly Outcome[]>();

  constructor(input: ApplyInput) {
    this.#input = input;
    this.#world = {
      clock: input.clock,
      settle: input.timing.settle,
      poll: input.timing.poll,
      emit: input.emit,
      draining: input.draining,
      signal: input.signal,
      run: {
        reader: input.reader,
        planSha256: input.plan.sha256,
        plannedAt: new Date(input.plan.createdAt),
        ...(input.journal === undefined ? {} : { applyId: input.journal.applyId }),
      },
      pool: new Pool(input.parallelism),
      lanes: new Lanes(),
      log: input.journal ?? withoutJournal(),
      ...(input.permit === undefined ? {} : { permit: input.permit }),
    };
  }

  /** In the plan's order, whatever order they ended in. */
  async outcomes(): Promise<readonly Outcome[]> {
    const { resources } = this.#input.plan;
    // Resources come by level, so what one depends on already has its promise.
    for (const resource of resources) this.#verdicts.set(keyIdentity(resource.key), this.#begin(resource));
    await Promise.all(this.#verdicts.values());
    return resources.flatMap((resource) => this.#outcomes.get(resource) ?? []);
  }

  async #begin(resource: PlannedResource): Promise<Verdict> {
    const waiting = resource.dependsOn.filter((key) => this.#verdicts.has(keyIdentity(key)));
    const pending = Iterator.from(resource.changes).filter(isPending).toArray();
    if (waiting.length > 0 && pending.length > 0) {
      this.#input.emit({ type: "resource-waiting", key: resource.key, on: waiting });
    }
    const failed: ResourceKey[] = [];
    for (const key of waiting) {
      if ((await this.#verdicts.get(keyIdentity(key))) === "not-done") failed.push(key);
    }
    if (pending.length === 0) return failed.length === 0 ? "done" : "not-done";
    const result = failed.length > 0 ? skipped(pending, failed.map(shortKey)) : await this.#run(resource, pending);
    this.#record(resource, pending, result);
    return [...result.endings.values()].every((ending) => isSuccess(ending)) && result.left.size === 0
      ? "done"
      : "not-done";
  }

  async #run(resource: PlannedResource, pending: readonly Change[]): Promise<ResourceResult> {
    const { emit, clock } = this.#input;
    const { key, title } = resource;
    const begun = clock.now().getTime();
    emit({ type: "resource-started", key, text: announce(pending, title), total: pending.length });
    const result = await runResource(resource, gateways[key.kind] as never, this.#world);
    const text = conclude(pending, result.endings);
    const durationMs = clock.now().getTime() - begun;
    emit({ type: "resource-ended", key, text, counts: tally(result.endings), left: result.left.size, durationMs });
    return result;
  }

  #record(resource: PlannedResource, pending: readonly Change[], result: ResourceResult): void {
    const outcomes = pending.map((change) => outcome(change, result));
    this.#outcomes.set(resource, outcomes);
    for (const each of outcomes) this.#input.emit({ type: "outcome", outcome: each });
  }
}

function outcome(change: Change, result: ResourceResult): Outcome {
  // The gateway left a change out of all its operations: a defect, and still never a silent one.
  const ending: Ending = result.endings.get(change) ?? { status: "failed", note: "nothing was sent for this change" };
  return {
    ...ending,
    key: change.key,
    action: change.action,
    label: change.label,
    durationMs: result.durations.get(change) ?? 0,
    ...(change.source === undefined ? {} : { source: change.source }),
    ...leftRunning(result.left.get(change)),
  };
}

function leftRunning(left: "timeout" | "interrupted" | undefined): Pick<Outcome, "leftRunning"> {
  return left === undefined ? {} : { leftRunning: left };
}

function skipped(pending: readonly Change[], failed: readonly string[]): ResourceResult {
  const note = `depends on ${failed.join(", ")}, which did not succeed`;
  const endings = new Map(pending.map((change): [Change, Ending] => [change, { status: "skipped", note }]));
  return { endings, durations: new Map(), left: new Map() };
}
