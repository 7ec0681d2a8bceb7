import { isPending, type Change } from "../../core/change.ts";
import { letGo, readAhead } from "../../core/held-create.ts";
import { isSuccess, type Ending, type LeftRunning, type Outcome } from "../../core/outcome.ts";
import type { PlannedResource } from "../../core/plan.ts";
import type { ApplyRun, Follow, Gateway, Operation } from "../../orchestrator/gateways/port.ts";
import { onAccount, type Account } from "../../orchestrator/http/account.ts";
import { Pool, type Lanes } from "../pool.ts";
import { closingCheck, OpenedWrites, type Verify } from "./closing-check.ts";
import { faultOf } from "./fault-of.ts";
import { followRun, type FollowWorld } from "./follow.ts";
import { haltedNote, type Halt } from "./halt.ts";
import { plus, settledOutcome, type Left, type Work } from "./outcomes.ts";
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
  /** What is to be said of the resource besides. */
  readonly note?: string;
}

/** Carries out every pending change of a resource: operations in order, then the runs that are waited for. */
export async function runResource(
  resource: PlannedResource,
  gateway: Gateway<never, never>,
  world: ResourceWorld,
): Promise<ResourceResult> {
  const pending = Array.from(resource.changes).filter(isPending);
  const progress = new Progress(resource, pending, gateway, world);
  try {
    await world.lanes.run(gateway.lane?.(resource), async () => {
      const groups = neighbours(progress.expect(gateway.operations(resource, world.run)));
      // What has been carried out is not held any longer.
      for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
        // Queued a few at a time: a resource with a thousand operations must not be ahead of all others.
        const side = new Pool(world.parallelism);
        for (const operation of group) await progress.stayBefore(operation);
        await Promise.all(group.map((operation) => side.run(() => progress.carryOut(operation, groups[0]?.[0]))));
      }
    });
  } catch (error) {
    progress.endAll(error);
  }
  // A wait may take an hour: it holds neither the queue's lane nor a place in the pool.
  const left = pending.filter((change) => !progress.outcomes.has(change));
  const checked = left.filter((change) => progress.isToBeChecked(change));
  const others = left.filter((change) => !progress.isToBeChecked(change));
  const check = progress.check(checked).then(() => checked);
  await Promise.all([
    ...others.map((change) => progress.finish(change)),
    check.then((changes) => Promise.all(changes.map((change) => progress.finish(change)))),
  ]);
  await progress.lookRound();
  return progress;
}

/** Removed copies that a note names. */
const idsTold = 10;

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
  note?: string;
  readonly #endings = new Map<Change, Ending>();
  readonly #work = new Map<Change, Work>();
  readonly #left = new Map<Change, Left>();
  readonly #opened: OpenedWrites;
  /** Operations that a change still waits for, where there is more than one. */
  readonly #ahead = new Map<Change, number>();
  /** Changes of operations that went well, which nobody has been told of yet. */
  readonly #news: (readonly Change[])[] = [];
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
  expect(operations: readonly Operation[]): readonly Operation[] {
    const seen = new Set<Change>();
    for (const { changes } of operations) {
      for (const change of changes) {
        if (seen.has(change)) this.#ahead.set(change, (this.#ahead.get(change) ?? 1) + 1);
        else seen.add(change);
      }
    }
    return operations;
  }

  /** Stays with what an operation comes after, unless nothing of it is left to be done. */
  async stayBefore({ after, changes }: Operation): Promise<void> {
    const left = changes.filter((change) => isSuccess(this.#endings.get(change)));
    if (after === undefined || left.length === 0 || this.#stopped || this.#world.halt.signal.aborted) return;
    await this.#timed(left, () => followRun(this.#inPool(after), this.#resource.key, this.#followWorld));
  }

  /** `next` is what comes after it: its changes are read while this one is on its way. */
  async carryOut(operation: Operation, next?: Operation): Promise<void> {
    const changes = operation.changes.filter((change) => isSuccess(this.#endings.get(change)));
    if (this.#world.pool.isFull) this.#tellNews();
    // Each operation holds a place, not the resource: what settles leaves it to others.
    const endings = await this.#world.pool.run(() => this.#send(operation, changes, next));
    let wentWell = true;
    for (const [change, ending] of endings) {
      const earlier = this.#endings.get(change);
      this.#endings.set(change, combine(earlier, operation.after === undefined ? ending : cutShort(earlier, ending)));
      wentWell &&= isSuccess(ending);
    }
    if (!wentWell && operation.stopsOnFailure === true) this.#stopped = true;
    this.#news.push(operation.changes);
    // What went well can be told while the next is on its way, where that leaves at once; all else may halt the rest.
    const leavesAtOnce = next !== undefined && next.check === undefined && next.after === undefined;
    if (!wentWell || !leavesAtOnce) this.#tellNews();
  }

  /** Settles all changes whose last operation has ended. */
  #tellNews(): void {
    for (let changes = this.#news.shift(); changes !== undefined; changes = this.#news.shift()) {
      for (const change of changes) {
        const ahead = (this.#ahead.get(change) ?? 1) - 1;
        if (ahead > 0) this.#ahead.set(change, ahead);
        else if (!this.isToBeChecked(change) && this.#followOf(change) === undefined) this.#settle(change);
        letGo(change);
      }
      this.#tell();
    }
  }

  /** What costs no time while a request is on its way. Never throws: what is not told now is told at the end. */
  #meanwhile(next: Operation | undefined): void {
    try {
      this.#tellNews();
    } catch {
      // a defect: the changes count as not told
    }
    readAhead(next?.changes ?? []);
  }

  async #send(
    operation: Operation,
    changes: readonly Change[],
    next?: Operation,
  ): Promise<ReadonlyMap<Change, Ending>> {
    const { pool, halt } = this.#world;
    if (this.#stopped) return every(changes, stoppedByFailure);
    if (halt.signal.aborted) return every(changes, { status: "skipped", note: haltedNote });
    const world: ProtocolWorld = {
      aside: (wait) => pool.outside(wait),
      opened: (some, send, { repeat }) => this.#opened.add(some, send, repeat),
      leaves: () => void setImmediate(() => this.#meanwhile(next)),
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
        lanes
          .run(lane, () => pool.run(() => carryOut(operation, copies, this.#resource.key, this.#world)))
          .then((ended) => this.#tellRemoved(ended)),
      ),
    );
    for (const [change, ending] of found) this.#endings.set(change, ending);
  }

  /** What was deleted that no line of the plan named is told in each view. */
  #tellRemoved(ended: ReadonlyMap<Change, Ending>): ReadonlyMap<Change, Ending> {
    const ids = [...ended.values()].flatMap((ending) => (ending.status === "applied" ? (ending.ids ?? []) : []));
    if (ids.length === 0) return ended;
    const more = ids.length > idsTold ? ` and ${(ids.length - idsTold).toLocaleString("en")} more` : "";
    const text = `copies that a doubled write had left were removed: ids ${ids.slice(0, idsTold).join(", ")}${more}`;
    this.note = text;
    this.#world.emit({ type: "step", key: this.#resource.key, text });
    return ended;
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
    for (const change of this.#pending) {
      if (!this.#endings.has(change) && !this.outcomes.has(change)) this.#endings.set(change, ending);
    }
  }

  /** Stays with what the change has started, if it is to, and settles it. */
  async finish(change: Change): Promise<void> {
    const follow = this.#followOf(change);
    if (follow !== undefined) await this.#timed([change], () => this.#follow(change, follow));
    await this.#retry(change);
    this.#settle(change);
  }

  /** Looks once for what came to match meanwhile. It is told, so a look that fails tells nothing. */
  async lookRound(): Promise<void> {
    const { run, pool } = this.#world;
    const gateway = this.#gateway;
    if (gateway.newcomers === undefined || this.#isEnding.aborted) return;
    // Begun with its place in the pool: what fails while nobody awaits it would end the process.
    const look = async (): Promise<string | undefined> => gateway.newcomers?.(this.#resource, run, this.#isEnding);
    const note = await this.#timed([], () => pool.run(look)).catch(() => undefined);
    if (note === undefined) return;
    this.note = note;
    this.#world.emit({ type: "step", key: this.#resource.key, text: note });
  }

  /** Other attempts at a run that ended badly, as many as the manifest wants, each after a while. */
  async #retry(change: Change): Promise<void> {
    const { clock, emit, run } = this.#world;
    for (let attempt = 1; ; attempt++) {
      const failed = this.#endings.get(change);
      if (failed === undefined || this.#isEnding.aborted) return;
      const again = this.#gateway.again?.(this.#resource, change, failed, attempt, run);
      if (again === undefined) return;
      emit({ type: "step", key: this.#resource.key, text: `${failed.note ?? "failed"}; ${again.text} follows` });
      await clock.sleep(again.backoff, this.#isEnding);
      if (this.#isEnding.aborted || this.#world.halt.signal.aborted) return;
      const sent = await this.#world.pool.run(() => this.#send(again.operation, [change]));
      for (const [, ending] of sent) this.#endings.set(change, ending);
      const follow = this.#followOf(change);
      if (follow !== undefined) await this.#timed([change], () => this.#follow(change, follow));
      const ending = this.#endings.get(change);
      if (ending !== undefined) this.#endings.set(change, withNote(withIds(ending, failed.ids), again.text));
    }
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

  /** Each look holds a place, the waiting between two of them does not. */
  #inPool(follow: Follow): Follow {
    return { timeout: follow.timeout, look: (stop) => this.#world.pool.run(() => follow.look(stop)) };
  }

  get #followWorld(): FollowWorld {
    return { ...this.#world, signal: this.#isEnding };
  }

  /** Aborts when the run is to end, at once or when what is in flight is done. */
  get #isEnding(): AbortSignal {
    return AbortSignal.any([this.#world.signal, this.#world.draining]);
  }

  async #follow(change: Change, follow: Follow): Promise<void> {
    const begun = this.#endings.get(change);
    if (begun?.status === "applied" && begun.note !== undefined) {
      this.#world.emit({ type: "step", key: this.#resource.key, text: begun.note });
    }
    const followed = await followRun(this.#inPool(follow), this.#resource.key, this.#followWorld);
    const ending = this.#endings.get(change);
    if ("ending" in followed) {
      this.#endings.set(change, combine(ending, followed.ending));
      return;
    }
    const { left, text, fault } = followed;
    const next = isStartedAlways(change) ? "a new plan starts another one" : "the next apply attaches to it";
    const note = `${text}; ${this.#why(left)}, the run goes on and ${next}`;
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
    const [ending, work, left] = [this.#endings.get(change), this.#work.get(change), this.#left.get(change)];
    const outcome = settledOutcome(this.#resource.key, change, ending, work, left);
    this.outcomes.set(change, outcome);
    this.#world.emit({ type: "outcome", outcome });
    this.#world.halt.see(outcome);
    for (const each of [this.#endings, this.#work, this.#ahead]) each.delete(change); // there may be a hundred thousand
    letGo(change);
  }

  #tell(): void {
    const [done, total] = [this.outcomes.size + this.#endings.size, this.#pending.length];
    if (total < 2) return;
    const text = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    this.#world.emit({ type: "progress", key: this.#resource.key, text, done, total });
  }
}

/** True where each plan starts a run of its own, and attaches to none. */
function isStartedAlways(change: Change): boolean {
  return change.action === "start" && change.always === true;
}

function every(changes: readonly Change[], ending: Ending): ReadonlyMap<Change, Ending> {
  return new Map(changes.map((change) => [change, ending]));
}

/** What two operations on one change add up to: the later word counts, the ids of both are kept. */
function combine(first: Ending | undefined, second: Ending): Ending {
  if (first === undefined) return second;
  const status = second.status === "already-done" ? first.status : second.status;
  return { ...withIds(second, first.ids), status } as Ending;
}

function withIds(ending: Ending, earlier: readonly number[] = []): Ending {
  const ids = [...new Set([...earlier, ...(ending.ids ?? [])])];
  return ids.length > 0 ? { ...ending, ids } : ending;
}

function withNote(ending: Ending, text: string): Ending {
  return { ...ending, note: ending.note === undefined ? text : `${ending.note}; ${text}` };
}

/** Of a change that was begun and then cut short both is told. */
function cutShort(earlier: Ending | undefined, ending: Ending): Ending {
  if (ending.status !== "skipped" || earlier?.note === undefined) return ending;
  return { ...ending, note: `${earlier.note}; then ${ending.note}` };
}
