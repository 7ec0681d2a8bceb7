import { isPending, type Change } from "../../core/change.ts";
import { isSuccess, type Ending } from "../../core/outcome.ts";
import type { PlannedResource } from "../../core/plan.ts";
import type { ApplyRun, Gateway, Operation } from "../../orchestrator/gateways/port.ts";
import { faultOf } from "./fault-of.ts";
import { followRun } from "./follow.ts";
import { carryOut, stoppedByFailure, type ProtocolWorld } from "./protocol.ts";
import type { FollowWorld } from "./follow.ts";
import type { Lanes, Pool } from "../pool.ts";

/** What carrying out any resource needs. */
export interface ResourceWorld extends ProtocolWorld, FollowWorld {
  readonly run: ApplyRun;
  readonly pool: Pool;
  readonly lanes: Lanes;
}

/** What became of one resource. */
export interface ResourceResult {
  readonly endings: ReadonlyMap<Change, Ending>;
  readonly durations: ReadonlyMap<Change, number>;
  /** Changes whose run went on when the wait ended. */
  readonly left: ReadonlyMap<Change, "timeout" | "interrupted">;
}

/** Carries out every pending change of a resource: operations in order, then the runs that are waited for. */
export async function runResource(
  resource: PlannedResource,
  gateway: Gateway<never, never>,
  world: ResourceWorld,
): Promise<ResourceResult> {
  const pending = Iterator.from(resource.changes).filter(isPending).toArray();
  const progress = new Progress(resource, pending, world);
  try {
    await world.lanes.run(gateway.lane?.(resource), async () => {
      // A place in the pool is held by each operation, not by the resource: what settles leaves it to others.
      for (const group of neighbours(gateway.operations(resource, world.run))) {
        for (const operation of group) await progress.stayBefore(operation);
        await Promise.all(group.map((operation) => world.pool.run(() => progress.carryOut(operation))));
      }
    });
  } catch (error) {
    progress.endAll(error);
  }
  // A wait may take an hour: it holds neither the queue's lane nor a place in the pool.
  await Promise.all(pending.map((change) => progress.follow(change, gateway)));
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
  readonly endings = new Map<Change, Ending>();
  readonly durations = new Map<Change, number>();
  readonly left = new Map<Change, "timeout" | "interrupted">();
  readonly #resource: PlannedResource;
  readonly #pending: readonly Change[];
  readonly #world: ResourceWorld;
  #stopped = false;

  constructor(resource: PlannedResource, pending: readonly Change[], world: ResourceWorld) {
    this.#resource = resource;
    this.#pending = pending;
    this.#world = world;
  }

  /** Waits for what an operation comes after, unless nothing of it is left to be done. */
  async stayBefore({ after, changes }: Operation): Promise<void> {
    if (after === undefined || this.#stopped || !changes.some((change) => isSuccess(this.endings.get(change)))) return;
    await followRun(after, this.#resource.key, { ...this.#world, signal: this.#ending });
  }

  async carryOut(operation: Operation): Promise<void> {
    const begun = this.#world.clock.now().getTime();
    const changes = operation.changes.filter((change) => isSuccess(this.endings.get(change)));
    const endings = this.#stopped
      ? new Map(changes.map((change) => [change, stoppedByFailure]))
      : await this.#send(operation, changes);
    const took = this.#world.clock.now().getTime() - begun;
    for (const [change, ending] of endings) {
      const earlier = this.endings.get(change);
      const isCut = operation.after !== undefined && ending.status === "skipped" && earlier?.note !== undefined;
      this.endings.set(
        change,
        combine(earlier, isCut ? { ...ending, note: `${earlier.note}, ${ending.note}` } : ending),
      );
      this.durations.set(change, (this.durations.get(change) ?? 0) + took);
      if (!isSuccess(ending) && operation.stopsOnFailure === true) this.#stopped = true;
    }
    this.#tell();
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
    for (const change of this.#pending) if (!this.endings.has(change)) this.endings.set(change, ending);
  }

  /** Stays with the run of a change, and with those after it where the manifest wants other attempts. */
  async follow(change: Change, gateway: Gateway<never, never>): Promise<void> {
    const { clock, run } = this.#world;
    const begun = clock.now().getTime();
    let ending = await this.#followOne(change, this.endings.get(change), gateway);
    for (let attempt = 1; ending?.status === "failed" && !this.#ending.aborted; attempt++) {
      const again = gateway.again?.(this.#resource, change, ending, attempt, run);
      if (again === undefined) break;
      this.endings.set(change, ending);
      this.#world.emit({ type: "step", key: this.#resource.key, text: `${ending.note}; ${again.text} follows` });
      await clock.sleep(again.backoff, this.#ending);
      if (this.#ending.aborted) break;
      const sent = await this.#world.pool.run(() => this.#send(again.operation, [change]));
      const next = await this.#followOne(change, sent.get(change), gateway);
      ending = next === undefined ? undefined : { ...withIds(next, ending.ids), ...noteOf(next, again.text) };
    }
    if (ending === undefined) return;
    this.endings.set(change, ending);
    this.durations.set(change, (this.durations.get(change) ?? 0) + clock.now().getTime() - begun);
  }

  /** How the run of one attempt ended; as it is, where nothing is waited for. */
  async #followOne(
    change: Change,
    ending: Ending | undefined,
    gateway: Gateway<never, never>,
  ): Promise<Ending | undefined> {
    const follow = isSuccess(ending) ? gateway.follow?.(this.#resource, change, ending, this.#world.run) : undefined;
    if (follow === undefined) return ending;
    const followed = await followRun(follow, this.#resource.key, { ...this.#world, signal: this.#ending });
    if ("ending" in followed) return combine(ending, followed.ending);
    const note = `${followed.text}; ${this.#why(followed.left)}, the run goes on and the next apply attaches to it`;
    this.left.set(change, followed.left);
    // The run stays what it was: started by us, or by somebody before us.
    return combine(ending, { status: "already-done", note });
  }

  async #send(operation: Operation, changes: readonly Change[]): Promise<ReadonlyMap<Change, Ending>> {
    return carryOut(operation, changes, this.#resource.key, {
      aside: (wait) => this.#world.pool.outside(wait),
      ...this.#world,
    });
  }

  /** Aborts when the run is to end, at once or when what is in flight is done. */
  get #ending(): AbortSignal {
    return AbortSignal.any([this.#world.signal, this.#world.draining]);
  }

  #why(left: "timeout" | "interrupted"): string {
    if (left === "timeout") return "the wait ran out of time";
    return this.#world.draining.reason === "timeout" ? "--timeout ran out" : "interrupted";
  }

  #tell(): void {
    const [done, total] = [this.endings.size, this.#pending.length];
    if (total < 2) return;
    const text = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    this.#world.emit({ type: "progress", key: this.#resource.key, text, done, total });
  }
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

function noteOf({ note }: Ending, text: string): Pick<Ending, "note"> {
  return { note: note === undefined ? text : `${note}; ${text}` };
}
