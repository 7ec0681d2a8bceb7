import type { Change } from "../../core/change.ts";
import type { Clock } from "../../core/clock.ts";
import { faultOf } from "./fault-of.ts";
import type { Fault } from "../../core/fault.ts";
import { isSuccess, type Ending } from "../../core/outcome.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { refusal } from "../../orchestrator/gateways/answers.ts";
import type { Answer, Operation, Sending } from "../../orchestrator/gateways/port.ts";
import type { Emit } from "../emit.ts";
import type { OpenSend } from "./open-send.ts";
import { withoutJournal, type Batch, type WriteLog } from "./write-log.ts";

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
  /** Hears of every write, before and after. Left out: nobody does. */
  readonly log?: WriteLog;
  /**
   * Asked right before each request of a write leaves, after it was journaled: a text is why it must not go, and
   * becomes the note of changes that are skipped.
   */
  readonly permit?: (batch: Batch) => Promise<string | undefined>;
  /** Hears that a request leaves now: what is done next costs no time as long as that is on its way. */
  readonly leaves?: () => void;
  /** Hears of each send whose outcome is open. */
  readonly opened?: (changes: readonly Change[], send: OpenSend, operation: Operation) => void;
  /** Waits for something while others may have this one's place. Left out: keeps it. */
  readonly aside?: <T>(wait: () => Promise<T>) => Promise<T>;
}

type Endings = ReadonlyMap<Change, Ending>;

const interrupted = { status: "skipped", note: "the run ended before it was sent" } as const;

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
  const log = world.log ?? withoutJournal();
  const batch = { key, operation, changes };
  const recalled = log.recall(batch);
  const endings = new Map(recalled.endings);
  const unsent = new Set<Change>();
  const told = new Map<Change, Ending>(recalled.endings);
  const delivery: Delivery = { key, world: { ...world, log }, endings, told, unsent, sent: 0 };
  operation.sentBefore?.([...endings.keys(), ...recalled.open.flatMap((each) => each.changes)]);
  for (const { changes: open, send: past, sends } of recalled.open) {
    await settleOpen(operation, without(open, endings), past, { ...delivery, sent: sends - 1 });
  }
  await deliverFresh(operation, without(changes, endings), delivery);
  // What was not sent has not ended, whatever is reported: whoever carries the apply on may send it.
  const news = [...endings].filter(([change, ending]) => told.get(change) !== ending && !unsent.has(change));
  await log.known(batch, new Map(news));
  return endings;
}

/** What no run has sent yet. */
async function deliverFresh(operation: Operation, changes: readonly Change[], delivery: Delivery): Promise<void> {
  const { world, endings } = delivery;
  if (changes.length === 0) return;
  if (operation.stopsOnFailure === true && [...endings.values()].some((ending) => !isSuccess(ending))) {
    return merge(endings, all(changes, stoppedByFailure));
  }
  if (world.draining.aborted) return leave(changes, interrupted, delivery);
  if (operation.check !== undefined) {
    // Nothing was sent yet: a look, and whatever it waits for, may end at the first interruption.
    const checked = await attempt(operation.check(changes, anyOf(world)), operation);
    if (world.draining.aborted) return leave(changes, interrupted, delivery);
    if ("fault" in checked) {
      const note = "could not be checked, so it was not sent";
      return merge(endings, all(changes, { status: "failed", fault: checked.fault, note }));
    }
    merge(endings, checked.value);
  }
  await deliver(operation, without(changes, endings), delivery);
}

/** One batch on its way. */
interface Delivery {
  readonly key: ResourceKey;
  readonly world: ProtocolWorld & { readonly log: WriteLog };
  readonly endings: Map<Change, Ending>;
  /** Those of them that the log has already: each with the last that was written down. */
  readonly told: Map<Change, Ending>;
  /** Changes that were not sent because the run ends, or may not go on. */
  readonly unsent: Set<Change>;
  /** How often this batch was sent. */
  readonly sent: number;
  /** The send before this one, which may have been carried out, or may still be. */
  readonly open?: OpenSend;
}

async function deliver(operation: Operation, changes: readonly Change[], delivery: Delivery): Promise<void> {
  const { world, endings } = delivery;
  if (changes.length === 0) return;
  if (world.draining.aborted) return leave(changes, interrupted, delivery);
  const answer = await send(operation, changes, delivery);
  const returnedAt = world.clock.now();
  switch (answer.ending) {
    case "answered":
      merge(endings, answer.endings);
      await reconsider(operation, changes, delivery);
      // A row that the answer does not mention is as open as a lost answer.
      await settleOpen(
        operation,
        without(changes, endings),
        { fault: unmentioned(operation), sentAt: returnedAt },
        delivery,
      );
      return;
    case "refused":
      if (answer.tooLarge && operation.divisible && changes.length > 1) {
        await deliverHalves(operation, changes, delivery);
        return;
      }
      if (answer.fault.kind === "cancelled") leave(changes, refusal(answer.fault), delivery);
      else merge(endings, all(changes, refusal(answer.fault)));
      await reconsider(operation, changes, delivery);
      return;
    case "open":
      await settleOpen(operation, changes, { fault: answer.fault, sentAt: answer.sentAt ?? returnedAt }, delivery);
      return;
  }
}

/** Nothing was sent, and not because of the change. */
function leave(changes: readonly Change[], ending: Ending, { endings, unsent }: Delivery): void {
  merge(endings, all(changes, ending));
  for (const change of changes) unsent.add(change);
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

/**
 * Sends once, and writes down before what is about to leave, after what came of it. A send that throws is a defect, and
 * what it threw after is as open as a lost answer; before anything has left, nothing was done.
 */
async function send(operation: Operation, changes: readonly Change[], delivery: Delivery): Promise<Answer> {
  const { key, world } = delivery;
  const batch = { key, operation, changes, attempt: delivery.sent + 1 };
  const log = world.log.begin(batch);
  let left = false;
  const before = async (): Promise<string | undefined> => {
    try {
      await log.sent();
    } catch (error) {
      return `not sent: the journal cannot be written (${systemCode(error)})`;
    }
    const held = await world.permit?.(batch);
    left ||= held === undefined;
    if (held === undefined) world.leaves?.();
    return held;
  };
  const sending: Sending = { batch: log.number, before, looking: anyOf(world) };
  let answer: Answer;
  try {
    answer = await operation.send(changes, world.signal, sending);
  } catch (error) {
    const fault = faultOf(error, operation.name);
    answer = left ? { ending: "open", fault } : { ending: "answered", endings: all(changes, notSent(fault)) };
  }
  await log.ended(answer);
  if (answer.ending === "answered") merge(delivery.told, only(changes, answer.endings));
  return answer;
}

function notSent(fault: Fault): Ending {
  if (fault.kind === "cancelled") return interrupted;
  return { status: "failed", fault, note: "could not be looked at, so it was not sent" };
}

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** Looks for an open write by key; what is absent is looked for again once `settle` has passed since the send. */
async function settleOpen(
  operation: Operation,
  changes: readonly Change[],
  open: OpenSend,
  delivery: Delivery,
): Promise<void> {
  if (changes.length === 0) return;
  const { world } = delivery;
  world.opened?.(changes, open, operation);
  const sent = delivery.sent + 1;
  let { lost, seen } = await look(operation, changes, delivery);
  if (lost.length > 0 && operation.repeat === "free" && sent < freeAttempts && !world.draining.aborted) {
    return deliver(operation, lost, { ...delivery, sent, open });
  }
  if (lost.length > 0) {
    await waitForSettle(open, delivery);
    ({ lost, seen } = await look(operation, lost, delivery));
  }
  // Only what somebody has looked for is known to be absent.
  if (lost.length > 0 && seen && operation.repeat === "afterSettle" && sent < 2 && !world.draining.aborted) {
    return deliver(operation, lost, { ...delivery, sent, open });
  }
  const note = seen ? "it was not found afterwards" : "it could not be looked for afterwards";
  merge(delivery.endings, all(lost, { ...unknown(open, world.settle), note }));
}

/** Waits until nothing of a send can commit any more. */
async function waitForSettle({ fault, sentAt }: OpenSend, { world, key }: Delivery): Promise<void> {
  const until = new Date(sentAt.getTime() + world.settle);
  world.emit({ type: "settling", key, call: fault.call, until: until.toISOString() });
  const sleep = async (): Promise<void> =>
    world.clock.sleep(until.getTime() - world.clock.now().getTime(), anyOf(world));
  await (world.aside === undefined ? sleep() : world.aside(sleep));
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

/** Changes that are not there (yet). A look that fails proves nothing: all of them are lost, and none was `seen` to be. */
async function look(
  operation: Operation,
  changes: readonly Change[],
  delivery: Delivery,
): Promise<{ readonly lost: readonly Change[]; readonly seen: boolean }> {
  const found = await attempt(operation.find(changes, delivery.world.signal), operation);
  if ("value" in found) merge(delivery.endings, found.value);
  return { lost: without(changes, delivery.endings), seen: "value" in found };
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

function* only(changes: readonly Change[], endings: Endings): Generator<[Change, Ending]> {
  for (const change of changes) {
    const ending = endings.get(change);
    if (ending !== undefined) yield [change, ending];
  }
}

function all(changes: readonly Change[], ending: Ending): Endings {
  return new Map(changes.map((change) => [change, ending]));
}

function merge(into: Map<Change, Ending>, from: Iterable<readonly [Change, Ending]>): void {
  for (const [change, ending] of from) into.set(change, ending);
}
