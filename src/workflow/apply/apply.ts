import type { Change } from "../../core/change.ts";
import { heldPending } from "../../core/change-spool.ts";
import type { Clock } from "../../core/clock.ts";
import { PlanRefusedError } from "../../core/errors.ts";
import { countOutcomes, type Ending, type Outcome } from "../../core/outcome.ts";
import { countPending, isRefused, type Plan, type PlannedResource } from "../../core/plan.ts";
import type { ApplyReport, ResourceReport } from "../../core/report.ts";
import { keyIdentity, shortKey, type Kind, type ResourceKey } from "../../core/resource.ts";
import { TimelineRecorder } from "../../core/timeline.ts";
import { gateways } from "../../orchestrator/gateways/registry.ts";
import type { TenantReader } from "../../orchestrator/read/tenant.ts";
import { emitWaits, type Emit } from "../emit.ts";
import { Lanes, Pool } from "../pool.ts";
import type { Verify } from "./closing-check.ts";
import { faultOf } from "./fault-of.ts";
import { haltedNote, haltOn, isDone, type OnError } from "./halt.ts";
import { outcomeOf, withSettled } from "./outcomes.ts";
import type { Journal } from "./journal.ts";
import { announce, conclude } from "./progress.ts";
import type { ProtocolWorld } from "./protocol.ts";
import { runResource, type ResourceWorld } from "./run-resource.ts";
import { withoutJournal } from "./write-log.ts";

type Gateways = Readonly<Record<Kind, unknown>>;

/** How a plan is carried out. Times in milliseconds. */
export interface ApplyInput {
  readonly plan: Plan;
  readonly reader: TenantReader;
  readonly clock: Clock;
  readonly timing: { readonly settle: number; readonly poll: number };
  readonly parallelism: number;
  /** @default "continue" */
  readonly onError?: OnError;
  /** @default those of all kinds */
  readonly gateways?: Gateways;
  readonly emit: Emit;
  /** Changes of a saved plan that need no write any more. Left out: none. */
  readonly settled?: readonly Outcome[];
  /** Where every write is written down before it is sent; see `beginJournal`. Left out: nowhere. */
  readonly journal?: Journal;
  /** Asked right before each request of a write: a text is why it must not be sent. Left out: all may. */
  readonly permit?: ProtocolWorld["permit"];
  /** What is looked at once more before it counts as done. @default "open" */
  readonly verify?: Verify;
  /** Aborts: finish what is in flight, begin nothing more, report. Its reason is "signal" or "timeout". */
  readonly draining: AbortSignal;
  /** Aborts: stop at once and report. */
  readonly signal: AbortSignal;
}

/** Carries a plan out and says truthfully what became of each change. Refuses, before any write, what may not go. */
export async function applyPlan(input: ApplyInput): Promise<ApplyReport> {
  const { plan, clock, reader, settled = [] } = input;
  if (isRefused(plan)) throw new PlanRefusedError("the plan has blocked lines or exceeds a guard");
  using stack = new DisposableStack();
  const startedAt = clock.now();
  const timeline = new TimelineRecorder(startedAt);
  const emit: Emit = (event) => {
    timeline.take(event, clock.now());
    input.emit(event);
  };
  stack.use(emitWaits(reader.client, emit));
  reader.client.leaveBy(input.draining);
  const before = reader.spent().calls;
  input.emit({ type: "apply-started", planId: plan.id, pending: countPending(plan.summary) + settled.length });
  for (const outcome of settled) input.emit({ type: "outcome", outcome });
  const apply = new Apply({ ...input, emit });
  const ended = await apply.carryOut();
  const outcomes = ended.flatMap((each) => each.outcomes);
  await input.journal?.end(countOutcomes(outcomes));
  const report: ApplyReport = {
    planId: plan.id,
    target: plan.target,
    startedAt: startedAt.toISOString(),
    durationMs: clock.now().getTime() - startedAt.getTime(),
    calls: reader.spent().calls - before,
    counts: countOutcomes(outcomes),
    resources: ended.map((each) => each.report),
    outcomes,
    ...interruptedBy(input),
    waitTimedOut: outcomes.some((each) => each.leftRunning === "timeout"),
    ...(apply.halted ? { halted: true } : {}),
    timeline: timeline.made(clock.now()),
  };
  return withSettled(report, settled);
}

/** Time that ran out, unless somebody has then ended the run himself. */
function interruptedBy({ draining, signal }: ApplyInput): Pick<ApplyReport, "interrupted"> {
  if (!draining.aborted && !signal.aborted) return {};
  return { interrupted: draining.reason === "timeout" && !signal.aborted ? "timeout" : "signal" };
}

type Verdict = "done" | "not-done";

/** A resource at its end: an outcome for each pending change, whatever happened. */
interface Ended {
  readonly outcomes: readonly Outcome[];
  readonly report: ResourceReport;
}

/** Each resource begins when all that it depends on has succeeded; whatever is independent goes side by side. */
class Apply {
  readonly #input: ApplyInput;
  readonly #world: ResourceWorld;
  readonly #verdicts = new Map<string, Promise<Verdict>>();
  readonly #ended = new Map<PlannedResource, Ended>();

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
      parallelism: input.parallelism,
      halt: haltOn(input.onError ?? "continue", input.emit),
      log: input.journal ?? withoutJournal(),
      verify: input.verify ?? "open",
      ...(input.permit === undefined ? {} : { permit: input.permit }),
    };
  }

  get halted(): boolean {
    return this.#world.halt.signal.aborted;
  }

  /** Resources with pending changes, in the plan's order, whatever order they ended in. */
  async carryOut(): Promise<readonly Ended[]> {
    const { resources } = this.#input.plan;
    // Resources come by level, so what one depends on already has its promise.
    for (const resource of resources) this.#verdicts.set(keyIdentity(resource.key), this.#begin(resource));
    await Promise.all(this.#verdicts.values());
    return resources.flatMap((resource) => this.#ended.get(resource) ?? []);
  }

  async #begin(resource: PlannedResource): Promise<Verdict> {
    const waiting = resource.dependsOn.filter((key) => this.#verdicts.has(keyIdentity(key)));
    // From here on these are the changes: a list that is a file would make others of them each time.
    const changes = heldPending(resource.changes);
    if (waiting.length > 0 && changes.length > 0) {
      this.#input.emit({ type: "resource-waiting", key: resource.key, on: waiting });
    }
    const failed: ResourceKey[] = [];
    for (const key of waiting) {
      if ((await this.#verdicts.get(keyIdentity(key))) === "not-done") failed.push(key);
    }
    if (changes.length === 0) return failed.length === 0 ? "done" : "not-done";
    const ended = await this.#end({ ...resource, changes }, changes, failed);
    this.#ended.set(resource, ended);
    return ended.outcomes.every((outcome) => isDone(outcome)) ? "done" : "not-done";
  }

  async #end(resource: PlannedResource, changes: readonly Change[], failed: readonly ResourceKey[]): Promise<Ended> {
    if (failed.length > 0) return this.#skip(resource, changes, dependsOn(failed));
    if (this.halted) return this.#skip(resource, changes, haltedNote);
    const { emit, clock } = this.#input;
    const { key, title } = resource;
    const begun = clock.now().getTime();
    emit({ type: "resource-started", key, text: announce(changes, title), total: changes.length });
    const { outcomes, calls, note } = await this.#run(resource, changes);
    const durationMs = clock.now().getTime() - begun;
    const counts = countOutcomes(outcomes);
    const left = outcomes.filter((outcome) => outcome.leftRunning !== undefined).length;
    emit({ type: "resource-ended", key, text: conclude(outcomes), counts, left, durationMs, calls });
    return { outcomes, report: { key, counts, durationMs, calls, ...(note === undefined ? {} : { note }) } };
  }

  /** What is thrown here is a defect, and must not cost the report of what was done. */
  async #run(
    resource: PlannedResource,
    changes: readonly Change[],
  ): Promise<{ readonly outcomes: readonly Outcome[]; readonly calls: number; readonly note?: string }> {
    try {
      const gateway = (this.#input.gateways ?? gateways)[resource.key.kind];
      const result = await runResource(resource, gateway as never, this.#world);
      const { calls, note } = result;
      const outcomes = changes.map((each) => result.outcomes.get(each) ?? outcomeOf(each));
      return { outcomes, calls, ...(note === undefined ? {} : { note }) };
    } catch (error) {
      const now = this.#input.clock.now();
      const ending: Ending = {
        status: "unknown",
        fault: faultOf(error, "apply"),
        sentAt: now.toISOString(),
        notBefore: new Date(now.getTime() + this.#world.settle).toISOString(),
        note: "it may have been sent",
      };
      return { outcomes: changes.map((each) => outcomeOf(each, ending)), calls: 0 };
    }
  }

  #skip({ key }: PlannedResource, changes: readonly Change[], note: string): Ended {
    const outcomes = changes.map((each) => outcomeOf(each, { status: "skipped", note }));
    for (const outcome of outcomes) {
      this.#input.emit({ type: "outcome", outcome });
      this.#world.halt.see(outcome);
    }
    return { outcomes, report: { key, counts: countOutcomes(outcomes), durationMs: 0, calls: 0 } };
  }
}

function dependsOn(failed: readonly ResourceKey[]): string {
  return `depends on ${failed.map(shortKey).join(", ")}, which did not succeed`;
}
