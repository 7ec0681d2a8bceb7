import type { Change } from "../../core/change.ts";
import type { Clock } from "../../core/clock.ts";
import { faultOf } from "./fault-of.ts";
import type { Fault } from "../../core/fault.ts";
import { isSuccess, type Ending } from "../../core/outcome.ts";
import type { ResourceKey } from "../../core/resource.ts";
import type { Answer, Operation } from "../../orchestrator/gateways/port.ts";
import type { Emit } from "../emit.ts";

/** How writes are carried out: the same for a whole apply. */
export interface ProtocolWorld {
  readonly clock: Clock;
  /** Milliseconds after a send until nothing of it can commit any more. */
  readonly settle: number;
  readonly emit: Emit;
  /** Aborts: begin nothing more, finish what is in flight. */
  readonly draining: AbortSignal;
  /** Aborts: stop at once. */
  readonly signal: AbortSignal;
}

type Endings = ReadonlyMap<Change, Ending>;

const interrupted: Ending = { status: "skipped", note: "interrupted before it was sent" };

/** What a failure does to what would have gone after it, where the manifest says StopOnFirstFailure. */
export const stoppedByFailure: Ending = {
  status: "skipped",
  note: "an earlier item did not succeed, and commit is StopOnFirstFailure",
};

/** How often a write that the server itself makes harmless to repeat is sent in all. */
const freeAttempts = 3;

/**
 * Carries one operation out and never sends a write again while the first may still commit. The one place that
 * decides about repeating: see docs/exactly-once.md. Every change gets an ending.
 */
export async function carryOut(
  operation: Operation,
  changes: readonly Change[],
  key: ResourceKey,
  world: ProtocolWorld,
): Promise<Endings> {
  const endings = new Map<Change, Ending>();
  if (world.draining.aborted) return all(changes, interrupted);
  if (operation.check !== undefined) {
    // Nothing was sent yet: a look, and whatever it waits for, may end at the first interruption.
    const checked = await attempt(operation.check(changes, anyOf(world)), operation);
    if (world.draining.aborted) return all(changes, interrupted);
    if ("fault" in checked)
      return all(changes, { status: "failed", fault: checked.fault, note: "could not be checked, so it was not sent" });
    merge(endings, checked.value);
  }
  await deliver(operation, without(changes, endings), { key, world, endings, sent: 0 });
  return endings;
}

/** One batch on its way. */
interface Delivery {
  readonly key: ResourceKey;
  readonly world: ProtocolWorld;
  readonly endings: Map<Change, Ending>;
  /** How often this batch was sent. */
  readonly sent: number;
  /** The send before this one, which may have been carried out, or may still be. */
  readonly open?: OpenSend;
}

interface OpenSend {
  readonly fault: Fault;
  readonly sentAt: Date;
}

async function deliver(operation: Operation, changes: readonly Change[], delivery: Delivery): Promise<void> {
  const { world, endings } = delivery;
  if (changes.length === 0) return;
  if (world.draining.aborted) {
    merge(endings, all(changes, interrupted));
    return;
  }
  const answer = await send(operation, changes, world.signal);
  const returnedAt = world.clock.now();
  switch (answer.ending) {
    case "answered":
      merge(endings, answer.endings);
      await reconsider(operation, changes, delivery);
      // A row that the answer does not mention is as open as a lost answer.
      await settleOpen(operation, without(changes, endings), unmentioned(operation), returnedAt, delivery);
      return;
    case "refused":
      if (answer.tooLarge && operation.divisible && changes.length > 1) {
        await deliverHalves(operation, changes, delivery);
        return;
      }
      merge(endings, all(changes, refusal(answer.fault)));
      await reconsider(operation, changes, delivery);
      return;
    case "open":
      await settleOpen(operation, changes, answer.fault, answer.sentAt ?? returnedAt, delivery);
      return;
  }
}

/** What was given up before it was sent is nobody's failure. */
function refusal(fault: Fault): Ending {
  return fault.kind === "cancelled" ? interrupted : { status: "failed", fault, note: "refused by the server" };
}

/** What was too large at once goes in two; where a failure stops the rest, the second half waits for the first. */
async function deliverHalves(operation: Operation, changes: readonly Change[], delivery: Delivery): Promise<void> {
  const half = Math.ceil(changes.length / 2);
  const [first, second] = [changes.slice(0, half), changes.slice(half)];
  await deliver(operation, first, delivery);
  const failed = first.some((change) => !isSuccess(delivery.endings.get(change)));
  if (operation.stopsOnFailure === true && failed) merge(delivery.endings, all(second, stoppedByFailure));
  else await deliver(operation, second, delivery);
}

/**
 * What a repeat was answered is about the repeat. The send before it may be why it was refused (the RowVersion moved, the
 * reference is taken), and lists may not show that yet: what the repeat has not done is looked for again, at once and
 * when `settle` has passed since that send.
 */
async function reconsider(operation: Operation, changes: readonly Change[], delivery: Delivery): Promise<void> {
  const { world, endings, open } = delivery;
  const doubtful = changes.filter((change) => endings.has(change) && endings.get(change)?.status !== "applied");
  if (open === undefined || doubtful.length === 0) return;
  let left = await lookPast(operation, doubtful, delivery);
  const until = new Date(open.sentAt.getTime() + world.settle);
  if ((left === undefined || left.length > 0) && world.clock.now() < until) {
    await waitForSettle(open, delivery);
    left = await lookPast(operation, left ?? doubtful, delivery);
  }
  if (left !== undefined && world.clock.now() >= until) return;
  const ending = unknown(open, world.settle);
  const unsure = (left ?? doubtful).filter((change) => endings.get(change)?.status !== "already-done");
  merge(endings, all(unsure, ending));
}

/** Changes whose effect is not there (yet), whatever their endings say; undefined when looking fails. */
async function lookPast(
  operation: Operation,
  changes: readonly Change[],
  { world, endings }: Delivery,
): Promise<readonly Change[] | undefined> {
  const found = await attempt(operation.find(changes, world.signal), operation);
  if (!("value" in found)) return undefined;
  const done = [...found.value].filter(([, { status }]) => status === "applied");
  merge(endings, new Map(done));
  return changes.filter((change) => endings.get(change)?.status !== "applied");
}

/** A send that throws is a defect, and what it threw after is as open as a lost answer. */
async function send(operation: Operation, changes: readonly Change[], signal: AbortSignal): Promise<Answer> {
  try {
    return await operation.send(changes, signal);
  } catch (error) {
    return { ending: "open", fault: faultOf(error, operation.name) };
  }
}

/** Looks for an open write by key; what is absent is looked for again once `settle` has passed since the send. */
async function settleOpen(
  operation: Operation,
  changes: readonly Change[],
  fault: Fault,
  sentAt: Date,
  delivery: Delivery,
): Promise<void> {
  if (changes.length === 0) return;
  const { world } = delivery;
  const sent = delivery.sent + 1;
  const open: OpenSend = { fault, sentAt };
  let lost = await look(operation, changes, delivery);
  if (lost.length > 0 && operation.repeat === "free" && sent < freeAttempts && !world.draining.aborted) {
    return deliver(operation, lost, { ...delivery, sent, open });
  }
  if (lost.length > 0) {
    await waitForSettle(open, delivery);
    lost = await look(operation, lost, delivery);
  }
  if (lost.length > 0 && operation.repeat === "afterSettle" && sent < 2 && !world.draining.aborted) {
    return deliver(operation, lost, { ...delivery, sent, open });
  }
  merge(delivery.endings, all(lost, unknown(open, delivery.world.settle)));
}

/** Waits until nothing of a send can commit any more. */
async function waitForSettle({ fault, sentAt }: OpenSend, { world, key }: Delivery): Promise<void> {
  const until = new Date(sentAt.getTime() + world.settle);
  world.emit({ type: "settling", key, call: fault.call, until: until.toISOString() });
  await world.clock.sleep(until.getTime() - world.clock.now().getTime(), anyOf(world));
}

function unknown({ fault, sentAt }: OpenSend, settle: number): Ending {
  return {
    status: "unknown",
    fault,
    sentAt: sentAt.toISOString(),
    notBefore: new Date(sentAt.getTime() + settle).toISOString(),
    note: "it was not found afterwards",
  };
}

/** Changes that are not there (yet). A look that fails proves nothing: all of them count as not found. */
async function look(operation: Operation, changes: readonly Change[], delivery: Delivery): Promise<readonly Change[]> {
  const found = await attempt(operation.find(changes, delivery.world.signal), operation);
  if ("value" in found) merge(delivery.endings, found.value);
  return without(changes, delivery.endings);
}

/** Ends a wait for settling as soon as the run is to end: then it is looked for once more and reported. */
function anyOf(world: ProtocolWorld): AbortSignal {
  return AbortSignal.any([world.draining, world.signal]);
}

/** Nothing is thrown on: an error in one place must not cost the report of what others have done. */
async function attempt<T>(
  promise: Promise<T>,
  operation: Operation,
): Promise<{ readonly value: T } | { readonly fault: Fault }> {
  try {
    return { value: await promise };
  } catch (error) {
    return { fault: faultOf(error, operation.name) };
  }
}

function unmentioned(operation: Operation): Fault {
  return { kind: "content", call: operation.name, message: "the answer does not say what became of this change" };
}

function without(changes: readonly Change[], endings: Endings): Change[] {
  return changes.filter((change) => !endings.has(change));
}

function all(changes: readonly Change[], ending: Ending): Endings {
  return new Map(changes.map((change) => [change, ending]));
}

function merge(into: Map<Change, Ending>, from: Endings): void {
  for (const [change, ending] of from) into.set(change, ending);
}
