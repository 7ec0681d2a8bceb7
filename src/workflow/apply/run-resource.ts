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

  async carryOut(operation: Operation): Promise<void> {
    const begun = this.#world.clock.now().getTime();
    const changes = operation.changes.filter((change) => isSuccess(this.endings.get(change)));
    const endings = this.#stopped
      ? new Map(changes.map((change) => [change, stoppedByFailure]))
      : await carryOut(operation, changes, this.#resource.key, {
          aside: (wait) => this.#world.pool.outside(wait),
          ...this.#world,
        });
    const took = this.#world.clock.now().getTime() - begun;
    for (const [change, ending] of endings) {
      this.endings.set(change, combine(this.endings.get(change), ending));
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

  async follow(change: Change, gateway: Gateway<never, never>): Promise<void> {
    const ending = this.endings.get(change);
    const follow = isSuccess(ending) ? gateway.follow?.(this.#resource, change, ending, this.#world.run) : undefined;
    if (follow === undefined) return;
    const begun = this.#world.clock.now().getTime();
    const followed = await followRun(follow, this.#resource.key, {
      ...this.#world,
      signal: AbortSignal.any([this.#world.signal, this.#world.draining]),
    });
    this.durations.set(change, (this.durations.get(change) ?? 0) + this.#world.clock.now().getTime() - begun);
    if ("ending" in followed) {
      this.endings.set(change, combine(ending, followed.ending));
      return;
    }
    const note = `${followed.text}; ${this.#why(followed.left)}, the run goes on and the next apply attaches to it`;
    // The run stays what it was: started by us, or by somebody before us.
    this.endings.set(change, combine(ending, { status: "already-done", note }));
    this.left.set(change, followed.left);
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
  const ids = [...new Set([...(first.ids ?? []), ...(second.ids ?? [])])];
  const status = second.status === "already-done" ? first.status : second.status;
  return { ...second, ...(ids.length > 0 ? { ids } : {}), status } as Ending;
}
