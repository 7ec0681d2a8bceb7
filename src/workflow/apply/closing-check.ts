import type { Change } from "../../core/change.ts";
import { closingCheckName } from "../../core/events.ts";
import { isSuccess, type Ending } from "../../core/outcome.ts";
import type { PlannedResource } from "../../core/plan.ts";
import type { ApplyRun, Gateway, Operation, Repeat, Verified } from "../../orchestrator/gateways/port.ts";
import { faultOf } from "./fault-of.ts";
import type { OpenSend } from "./open-send.ts";
import type { ProtocolWorld } from "./protocol.ts";

/** Which keys are looked at once more: those whose write was ever open, or all that were touched. */
export type Verify = "open" | "all";

type Endings = ReadonlyMap<Change, Ending>;

interface CheckWorld extends Pick<ProtocolWorld, "clock" | "settle" | "emit" | "draining" | "signal"> {
  readonly run: ApplyRun;
}

/** Remembers which writes of a resource were ever open, and until when something of them may still commit. */
export class OpenedWrites {
  readonly #until = new Map<Change, number>();
  readonly #settle: number;

  constructor(settle: number) {
    this.#settle = settle;
  }

  /** What the server itself keeps from being done twice can be looked at at once. */
  add(changes: readonly Change[], { sentAt }: OpenSend, repeat: Repeat): void {
    const until = repeat === "free" ? 0 : sentAt.getTime() + this.#settle;
    for (const change of changes) this.#until.set(change, Math.max(until, this.#until.get(change) ?? 0));
  }

  has(change: Change): boolean {
    return this.#until.has(change);
  }

  /** When all of them have settled, in milliseconds. */
  settled(changes: Iterable<Change>): number {
    return Math.max(0, ...Iterator.from(changes).map((change) => this.#until.get(change) ?? 0));
  }
}

/**
 * Looks once more at changes that have succeeded, when nothing of their writes can commit any more, and takes away what
 * is provably a copy too many. Gives endings for those of which something else is to be said now. A run that is to end
 * does not wait for it, and says so.
 */
export async function closingCheck(
  resource: PlannedResource,
  gateway: Pick<Gateway<never, never>, "verify">,
  endings: Endings,
  opened: OpenedWrites,
  world: CheckWorld,
  remove: (operation: Operation, changes: readonly Change[]) => Promise<Endings>,
): Promise<Endings> {
  const sure = new Map([...endings].filter(([, ending]) => isSuccess(ending)));
  if (gateway.verify === undefined || sure.size === 0) return new Map();
  await waitUntil(opened.settled(sure.keys()), resource, world);
  if (world.draining.aborted) return unchecked(sure, opened);
  let verified: Verified;
  try {
    verified = await gateway.verify(resource, sure, world.run, AbortSignal.any([world.draining, world.signal]));
  } catch (error) {
    return unchecked(sure, opened, faultOf(error, "closing check").message);
  }
  const { removal } = verified;
  if (removal === undefined) return verified.endings;
  const removed = await remove(removal.operation, removal.operation.changes);
  const told = new Map(verified.endings);
  for (const [copy, change] of removal.of) {
    const ending = removed.get(copy);
    if (ending?.status === "applied" || ending?.status === "already-done") continue;
    const id = removal.operation.changes.includes(copy) && "before" in copy ? (copy.before as { id: number }).id : 0;
    const note = `a second copy (${id}) is there and could not be removed: ${ending?.note ?? "not sent"}`;
    told.set(change, { status: "failed", ids: [...(told.get(change)?.ids ?? []), id], note });
  }
  return told;
}

async function waitUntil(
  until: number,
  { key }: PlannedResource,
  { clock, emit, draining, signal }: CheckWorld,
): Promise<void> {
  const wait = until - clock.now().getTime();
  if (wait <= 0) return;
  emit({ type: "settling", key, call: closingCheckName, until: new Date(until).toISOString() });
  await clock.sleep(wait, AbortSignal.any([draining, signal]));
}

/** Nothing is claimed of a look that was not made. */
function unchecked(endings: Endings, opened: OpenedWrites, why = "the run ended first"): Endings {
  return new Map(
    [...endings]
      .filter(([change]) => opened.has(change))
      .map(([change, ending]) => {
        const said = ending.note === undefined ? "" : `${ending.note}; `;
        return [change, { ...ending, note: `${said}not looked at for a second copy: ${why}` }];
      }),
  );
}
