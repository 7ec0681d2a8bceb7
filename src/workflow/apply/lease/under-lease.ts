import { randomUUID } from "node:crypto";
import type { LeaseSettings } from "../../../config/config.ts";
import { isPending } from "../../../core/change.ts";
import { PlanRefusedError } from "../../../core/errors.ts";
import { isRefused, type Plan } from "../../../core/plan.ts";
import type { ApplyReport } from "../../../core/report.ts";
import type { AssumedStart } from "../../../kinds/lease/ledger.ts";
import { leaseReference } from "../../../kinds/lease/holder.ts";
import { emitWaits } from "../../emit.ts";
import { applyPlan, type ApplyInput } from "../apply.ts";
import { gateways } from "../../../orchestrator/gateways/registry.ts";
import type { LeaseQueue } from "../../../orchestrator/lease/lease-queue.ts";
import type { Lease } from "./hold.ts";
import { Ledger, ledgered, type JobGateway } from "./ledger.ts";
import { leaseQueueHint, openLease } from "./open.ts";
import { takeLease } from "./take.ts";
import type { Runner } from "./world.ts";

/** How long an apply waits for a lease unless it is told otherwise, in milliseconds. */
export const defaultLockTimeout = 60_000;

/** The lease of a target, and who wants it. Times in milliseconds. */
export interface LeaseOptions {
  readonly settings: LeaseSettings;
  readonly runner: Omit<Runner, "runId">;
  /** How long one request may take. */
  readonly request: number;
  readonly lockTimeout: number;
  /** Entries of the ledger that the plan was told to take for started. */
  readonly assumed?: readonly AssumedStart[];
}

/**
 * Carries a plan out under its target's lease: taken before the first write, asked before each, given back at the end,
 * whichever that is. A plan that writes nothing, to the ledger neither, needs none.
 */
export async function applyUnderLease(input: ApplyInput, options: LeaseOptions | undefined): Promise<ApplyReport> {
  const assumed = options?.settings.ledger === true && !isRefused(input.plan) ? (options.assumed ?? []) : [];
  if (options === undefined || (!writes(input.plan) && assumed.length === 0)) return applyPlan(input);
  const { lease, queue } = await take(input, options);
  let openUntil: Date | undefined = new Date(input.reader.now().getTime() + input.timing.settle);
  try {
    const guarded: ApplyInput = { ...input, permit: () => lease.permit() };
    const ledger = options.settings.ledger ? openLedger(input, lease, queue, options) : undefined;
    for (const each of assumed) await ledger?.assume(each, input.signal);
    const report = await applyPlan(ledger === undefined ? guarded : withLedger(guarded, ledger));
    openUntil = lastOpen(report);
    return report;
  } finally {
    await lease.release(openUntil);
  }
}

async function take(
  input: ApplyInput,
  { settings, runner, request, lockTimeout }: LeaseOptions,
): Promise<{ readonly lease: Lease; readonly queue: LeaseQueue }> {
  const { reader, clock, emit, draining, signal, timing, journal } = input;
  using waits = new DisposableStack();
  waits.use(emitWaits(reader.client, emit));
  const opened = await openLease(settings, reader, AbortSignal.any([draining, signal]));
  if ("problem" in opened) throw new PlanRefusedError(opened.problem, { hint: leaseQueueHint });
  const { queue } = opened;
  const lease = await takeLease({
    queue,
    reference: leaseReference(settings.name),
    runner: { ...runner, runId: journal?.applyId ?? randomUUID() },
    clock,
    times: { ttl: settings.ttl, request, settle: timing.settle, poll: timing.poll, lockTimeout },
    emit,
    draining,
    signal,
  });
  return { lease, queue };
}

function openLedger(input: ApplyInput, lease: Lease, queue: LeaseQueue, { runner }: LeaseOptions): Ledger {
  return new Ledger({
    queue,
    lease,
    owner: runner.owner,
    clock: input.clock,
    settle: input.timing.settle,
    emit: input.emit,
    plannedAt: new Date(input.plan.createdAt),
  });
}

/** The same apply, with a ledger that hears of each start. */
function withLedger(input: ApplyInput, ledger: Ledger): ApplyInput {
  const known = input.gateways ?? gateways;
  return { ...input, gateways: { ...known, Job: ledgered(known.Job as JobGateway, ledger) } };
}

function writes(plan: Plan): boolean {
  if (isRefused(plan)) return false; // applyPlan says so
  return plan.resources.some(({ changes }) =>
    Iterator.from(changes).some((change) => isPending(change) && change.action !== "wait"),
  );
}

/** When nothing that was sent can commit any more; undefined where nothing is open. */
function lastOpen({ outcomes }: ApplyReport): Date | undefined {
  const ends = outcomes.flatMap((each) => (each.status === "unknown" ? [Date.parse(each.notBefore)] : []));
  return ends.length === 0 ? undefined : new Date(Math.max(...ends));
}
