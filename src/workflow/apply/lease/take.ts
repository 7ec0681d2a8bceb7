import { PlanRefusedError, WaitTimeoutError } from "../../../core/errors.ts";
import { formatDuration } from "../../../core/format-time.ts";
import { describeHolder, holderContent } from "../../../kinds/lease/holder.ts";
import { judgeLease, type LeaseState } from "../../../kinds/lease/judge.ts";
import { Lease } from "./hold.ts";
import { givenUp, type LeaseWorld } from "./world.ts";

/** How often an add whose answer was lost is sent: the queue's unique references refuse a second one. */
const addAttempts = 3;
/** Looks that show no row for a reference that the server calls used, before it is believed to be so for good. */
const emptyLooks = 2;

/**
 * Takes a lease, waiting for whoever holds it. When this returns, the lease is ours, and the account has shown that it may
 * add, change and delete in that queue.
 * @throws WaitTimeoutError, CancelledError, PlanRefusedError, AuthError; then it is not held by us.
 */
export async function takeLease(world: LeaseWorld): Promise<Lease> {
  await proveDelete(world);
  const taking = new Taking(world);
  try {
    return await taking.run();
  } catch (error) {
    await taking.giveBack();
    throw error;
  } finally {
    taking.endWait();
  }
}

/** Who cannot delete could take the lease and never give it back. */
async function proveDelete({ queue, signal }: LeaseWorld): Promise<void> {
  const allowed = await queue.remove(undefined, signal);
  if (allowed.ending === "refused" && [401, 403].includes(allowed.fault.status ?? 0))
    throw queue.errorOf(allowed.fault);
}

type Blocked = Exclude<LeaseState, { readonly state: "free" }>;

class Taking {
  readonly #world: LeaseWorld;
  readonly #deadline: number;
  /** An item of ours may be there, or may still come. */
  #mayHold = false;
  #lost = 0;
  #empty = 0;
  #isWaiting = false;

  constructor(world: LeaseWorld) {
    this.#world = world;
    this.#deadline = world.clock.now().getTime() + world.times.lockTimeout;
  }

  async run(): Promise<Lease> {
    const { queue, reference, runner, times, draining, signal } = this.#world;
    for (;;) {
      if (draining.aborted) throw givenUp(this.#world);
      const now = queue.now();
      const since = now.toISOString();
      const until = new Date(now.getTime() + times.ttl).toISOString();
      const added = await queue.add(reference, holderContent({ ...runner, since, until }), signal);
      if (added.ending === "done") return this.#confirm(added.value, since);
      if (added.ending === "refused") throw queue.errorOf(added.fault);
      if (added.ending === "open") {
        this.#mayHold = true;
        this.#lost++;
      }
      const found = judgeLease(await queue.newest(reference, signal), queue.now(), times.settle);
      if (found.state === "free") await this.#nothingThere(added.ending === "open");
      else if ("holder" in found && found.holder.runId === runner.runId) {
        return this.#confirm(found.item.id, found.holder.since);
      } else await this.#blocked(found);
    }
  }

  /** Removes what an open add may have left. Whatever fails here, the item ends by itself. */
  async giveBack(): Promise<void> {
    const { queue, reference, runner, times, signal } = this.#world;
    if (!this.#mayHold || signal.aborted) return;
    try {
      const found = judgeLease(await queue.newest(reference, signal), queue.now(), times.settle);
      if ("holder" in found && found.holder.runId === runner.runId) await queue.remove(found.item, signal);
    } catch {
      return;
    }
  }

  endWait(): void {
    if (this.#isWaiting) this.#world.emit({ type: "waited" });
    this.#isWaiting = false;
  }

  /** Renewed at once: that reads it back, and shows that the account may. */
  async #confirm(id: number, since: string): Promise<Lease> {
    this.#mayHold = true;
    const lease = new Lease(this.#world, id, since);
    await lease.renew();
    if (lease.refusal !== undefined) throw this.#world.queue.errorOf(lease.refusal);
    const why = await lease.permit();
    if (why !== undefined) throw new PlanRefusedError(`${why}: nothing was written`, { hint: "try again" });
    this.#mayHold = false;
    lease.keep();
    return lease;
  }

  async #nothingThere(isOpen: boolean): Promise<void> {
    const { clock, times, draining, reference } = this.#world;
    if (isOpen && this.#lost >= addAttempts) {
      throw new PlanRefusedError("the lease could not be taken: the server does not answer", {
        hint: "nothing was written; try again",
      });
    }
    if (isOpen) return;
    // Given back between two calls, or not shown yet; or never to be shown again.
    if (++this.#empty > emptyLooks) {
      throw new PlanRefusedError(`the lease cannot be taken: its reference ${reference} is used and has no item`, {
        hint: "retention has deleted an item that was never given back, and unlock cannot mend that: choose another lease.name for this target",
      });
    }
    await clock.sleep(times.poll, draining);
  }

  async #blocked(found: Blocked): Promise<void> {
    const { queue, signal } = this.#world;
    if (found.state === "touched") {
      throw new PlanRefusedError(`the lease cannot be taken: ${found.why}`, {
        hint: "a robot or a person has touched it. Look who runs, then: orch-sync unlock, which deletes that item",
      });
    }
    if (found.state === "held") return this.#waitFor(found);
    const removed = await queue.remove(found.item, signal);
    if (removed.ending === "refused") throw queue.errorOf(removed.fault);
    // Renewed or removed by somebody else meanwhile, or open: the next look tells.
  }

  /** Until it is given back, or over for long enough, or our patience ends. Looks by id: lists have a quota. */
  async #waitFor({ item, holder }: Extract<LeaseState, { readonly state: "held" }>): Promise<void> {
    const { queue, clock, times, draining, signal, emit } = this.#world;
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      const until = new Date(this.#deadline).toISOString();
      emit({ type: "waiting", reason: "lease", until, holder: describeHolder(holder) });
    }
    for (;;) {
      const rest = this.#deadline - clock.now().getTime();
      if (rest <= 0) throw this.#outOfTime(holder);
      await clock.sleep(Math.min(times.poll, rest), draining);
      if (draining.aborted) throw givenUp(this.#world);
      const row = await queue.byId(item.id, signal);
      if (judgeLease(row === undefined ? [] : [row], queue.now(), times.settle).state !== "held") return;
    }
  }

  #outOfTime(holder: Parameters<typeof describeHolder>[0]): WaitTimeoutError {
    const waited = formatDuration(this.#world.times.lockTimeout);
    return new WaitTimeoutError(
      `the lease is held by ${describeHolder(holder)}, and --lock-timeout (${waited}) ran out`,
      {
        hint: `it holds until ${holder.until} unless it is renewed; orch-sync unlock shows it and, asked, ends it`,
      },
    );
  }
}
