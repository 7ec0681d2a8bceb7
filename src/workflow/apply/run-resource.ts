import { isPending, type Change } from "../../core/change.ts";
import { isSuccess, type Ending, type LeftRunning, type Outcome } from "../../core/outcome.ts";
import type { PlannedResource } from "../../core/plan.ts";
import type { ApplyRun, Follow, Gateway, Operation } from "../../orchestrator/gateways/port.ts";
import { onAccount, type Account } from "../../orchestrator/http/account.ts";
import { Pool, type Lanes } from "../pool.ts";
import { closingCheck, OpenedWrites, type Verify } from "./closing-check.ts";
import { faultOf } from "./fault-of.ts";
import { followRun, type FollowWorld } from "./follow.ts";
import { haltedNote, type Halt } from "./halt.ts";
import { outcomeOf, plus, type Left, type Work } from "./outcomes.ts";
import { carryOut, stoppedByFailure, type ProtocolWorld } from "./protocol.ts";

/** What carrying out any resource needs. */
export interface ResourceWorld extends ProtocolWorld, FollowWorld {
  readonly run: ApplyRun;
  /** Places for calls of all resources together. */
  readonly pool: Pool;
  readonly lanes: Lanes;
  /** How many operations of one resource may go side by side. */
  readonly parallelism: number;
  readonly halt: Halt;
  /** What is looked at once more before it counts as done. @default "open" */
  readonly verify?: Verify;
}

/** What became of one resource. */
export interface ResourceResult {
  /** One for each pending change. */
  readonly outcomes: ReadonlyMap<Change, Outcome>;
  readonly calls: number;
}

/** Carries out every pending change of a resource: operations in order, then the runs that are waited for. */
export async function runResource(
  resource: PlannedResource,
  gateway: Gateway<never, never>,
  world: ResourceWorld,
): Promise<ResourceResult> {
  const pending = Iterator.from(resource.changes).filter(isPending).toArray();
  const progress = new Progress(resource, pending, gateway, world);
  try {
    await world.lanes.run(gateway.lane?.(resource), async () => {
      const operations = gateway.operations(resource, world.run);
      progress.expect(operations);
      for (const group of neighbours(operations)) {
        // Queued a few at a time: a resource with a thousand operations must not be ahead of all others.
        const side = new Pool(world.parallelism);
        await Promise.all(group.map((operation) => side.run(() => progress.carryOut(operation))));
      }
    });
  } catch (error) {
    progress.endAll(error);
  }
  // A wait may take an hour: it holds neither the queue's lane nor a place in the pool.
  const checked = pending.filter((change) => progress.isToBeChecked(change));
  const others = pending.filter((change) => !progress.isToBeChecked(change));
  const check = progress.check(checked).then(() => checked);
  await Promise.all([
    ...others.map((change) => progress.finish(change)),
    check.then((changes) => Promise.all(changes.map((change) => progress.finish(change)))),
  ]);
  return progress;
}

/** Operations that may go side by side, as one group each; all others alone. */
function neighbours(operations: readonly Operation[]): Operation[][] {
  const groups: Operation[][] = [];
  for (const operation of operations) {
    const last = groups.at(-1);
    if (operation.sideBySide === true && last?.[0]?.sideBySide === true) last.push(operation);
    else groups.push([operation]);
  }
  return groups;
}

class Progress implements ResourceResult {
  readonly outcomes = new Map<Change, Outcome>();
  calls = 0;
  readonly #endings = new Map<Change, Ending>();
  readonly #work = new Map<Change, Work>();
  readonly #left = new Map<Change, Left>();
  readonly #opened: OpenedWrites;
  /** Operations that a change still waits for. */
  readonly #ahead = new Map<Change, number>();
  readonly #resource: PlannedResource;
  readonly #pending: readonly Change[];
  readonly #gateway: Gateway<never, never>;
  readonly #world: ResourceWorld;
  #stopped = false;

  constructor(
    resource: PlannedResource,
    pending: readonly Change[],
    gateway: Gateway<never, never>,
    world: ResourceWorld,
  ) {
    this.#resource = resource;
    this.#pending = pending;
    this.#gateway = gateway;
    this.#world = world;
    this.#opened = new OpenedWrites(world.settle);
  }

  /** A change is settled with the last operation that it is in. */
  expect(operations: readonly Operation[]): void {
    for (const { changes } of operations) {
      for (const change of changes) this.#ahead.set(change, (this.#ahead.get(change) ?? 0) + 1);
    }
  }

  async carryOut(operation: Operation): Promise<void> {
    const changes = operation.changes.filter((change) => isSuccess(this.#endings.get(change)));
    // Each operation holds a place, not the resource: what settles leaves it to others.
    const endings = await this.#world.pool.run(() => this.#send(operation, changes));
    for (const [change, ending] of endings) {
      this.#endings.set(change, combine(this.#endings.get(change), ending));
      if (!isSuccess(ending) && operation.stopsOnFailure === true) this.#stopped = true;
    }
    for (const change of operation.changes) {
      this.#ahead.set(change, (this.#ahead.get(change) ?? 1) - 1);
      if (this.#ahead.get(change) !== 0 || this.isToBeChecked(change)) continue;
      if (this.#followOf(change) === undefined) this.#settle(change);
    }
    this.#tell();
  }

  async #send(operation: Operation, changes: readonly Change[]): Promise<ReadonlyMap<Change, Ending>> {
    const { pool, halt } = this.#world;
    if (this.#stopped) return every(changes, stoppedByFailure);
    if (halt.signal.aborted) return every(changes, { status: "skipped", note: haltedNote });
    const world: ProtocolWorld = {
      aside: (wait) => pool.outside(wait),
      opened: (some, send, { repeat }) => this.#opened.add(some, send, repeat),
      ...this.#world,
    };
    return this.#timed(changes, () => carryOut(operation, changes, this.#resource.key, world));
  }

  /** True for what has succeeded and is looked at once more before it is reported. */
  isToBeChecked(change: Change): boolean {
    const ending = this.#endings.get(change);
    if (ending === undefined || !isSuccess(ending) || this.#gateway.verify === undefined) return false;
    return this.#opened.has(change) || this.#world.verify === "all";
  }

  /** The closing check, which holds neither the lane nor a place while it waits. */
  async check(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const { lanes, pool } = this.#world;
    const endings = new Map(changes.flatMap((change) => this.#known(change)));
    const lane = this.#gateway.lane?.(this.#resource);
    const found = await this.#timed(changes, () =>
      closingCheck(this.#resource, this.#gateway, endings, this.#opened, this.#world, (operation, copies) =>
        lanes.run(lane, () => pool.run(() => carryOut(operation, copies, this.#resource.key, this.#world))),
      ),
    );
    for (const [change, ending] of found) this.#endings.set(change, ending);
  }

  #known(change: Change): [Change, Ending][] {
    const ending = this.#endings.get(change);
    return ending === undefined ? [] : [[change, ending]];
  }

  /** Does some work and puts its time and its calls down for the changes that it was about. */
  async #timed<T>(changes: readonly Change[], work: () => Promise<T>): Promise<T> {
    const begun = this.#world.clock.now().getTime();
    const account: Account = { calls: 0, traceIds: [] };
    try {
      return await onAccount(account, work);
    } finally {
      this.calls += account.calls;
      const done: Work = { ...account, durationMs: this.#world.clock.now().getTime() - begun };
      for (const change of changes) this.#work.set(change, plus(this.#work.get(change), done));
    }
  }

  /** A defect of ours, thrown between calls: what is sure stays, of the rest nothing is claimed. */
  endAll(error: unknown): void {
    const now = this.#world.clock.now().getTime();
    const ending: Ending = {
      status: "unknown",
      fault: faultOf(error, "apply"),
      sentAt: new Date(now).toISOString(),
      notBefore: new Date(now + this.#world.settle).toISOString(),
      note: "it may have been sent",
    };
    for (const change of this.#pending) if (!this.#endings.has(change)) this.#endings.set(change, ending);
  }

  /** Stays with what the change has started, if it is to, and settles it. */
  async finish(change: Change): Promise<void> {
    if (this.outcomes.has(change)) return;
    const follow = this.#followOf(change);
    if (follow !== undefined) await this.#timed([change], () => this.#follow(change, follow));
    this.#settle(change);
  }

  #followOf(change: Change): Follow | undefined {
    const ending = this.#endings.get(change);
    if (!isSuccess(ending)) return undefined;
    try {
      return this.#gateway.follow?.(this.#resource, change, ending, this.#world.run);
    } catch (error) {
      return { timeout: 0, look: async () => Promise.reject(error) };
    }
  }

  async #follow(change: Change, follow: Follow): Promise<void> {
    const { pool, signal, draining } = this.#world;
    const one: Follow = { timeout: follow.timeout, look: (stop) => pool.run(() => follow.look(stop)) };
    const world = { ...this.#world, signal: AbortSignal.any([signal, draining]) };
    const followed = await followRun(one, this.#resource.key, world);
    const ending = this.#endings.get(change);
    if ("ending" in followed) {
      this.#endings.set(change, combine(ending, followed.ending));
      return;
    }
    const { left, text, fault } = followed;
    const note = `${text}; ${this.#why(left)}, the run goes on and the next apply attaches to it`;
    // The run stays what it was: started by us, or by somebody before us.
    this.#endings.set(change, combine(ending, { status: "already-done", note }));
    this.#left.set(change, { why: left, ...(fault === undefined ? {} : { fault }) });
  }

  #why(left: LeftRunning): string {
    if (left === "timeout") return "the wait ran out of time";
    if (left === "unreadable") return "its state cannot be read";
    return this.#world.draining.reason === "timeout" ? "--timeout ran out" : "interrupted";
  }

  #settle(change: Change): void {
    const outcome = outcomeOf(change, this.#endings.get(change), this.#work.get(change), this.#left.get(change));
    this.outcomes.set(change, outcome);
    this.#world.emit({ type: "outcome", outcome });
    this.#world.halt.see(outcome);
  }

  #tell(): void {
    const [done, total] = [this.#endings.size, this.#pending.length];
    if (total < 2) return;
    const text = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    this.#world.emit({ type: "progress", key: this.#resource.key, text, done, total });
  }
}

function every(changes: readonly Change[], ending: Ending): ReadonlyMap<Change, Ending> {
  return new Map(changes.map((change) => [change, ending]));
}

/** What two operations on one change add up to: the later word counts, the ids of both are kept. */
function combine(first: Ending | undefined, second: Ending): Ending {
  if (first === undefined) return second;
  const ids = [...new Set([...(first.ids ?? []), ...(second.ids ?? [])])];
  const status = second.status === "already-done" ? first.status : second.status;
  return { ...second, ...(ids.length > 0 ? { ids } : {}), status } as Ending;
}
