import type { LeaseSettings } from "../config/config.ts";
import { PlanRefusedError } from "../core/errors.ts";
import type { LeaseStatus } from "../core/lease-status.ts";
import { leaseReference, readHolder } from "../kinds/lease/holder.ts";
import { judgeLease, type LeaseState } from "../kinds/lease/judge.ts";
import type { LeaseQueue } from "../orchestrator/lease/lease-queue.ts";
import type { TenantReader } from "../orchestrator/read/tenant.ts";
import { leaseQueueHint, openLease } from "./apply/lease/open.ts";

/** A lease that was looked at, and may be ended. */
export interface FoundLease {
  readonly status: LeaseStatus;
  /**
   * Ends it, whoever holds it.
   * @throws PlanRefusedError when somebody else holds it by now.
   */
  end(signal: AbortSignal): Promise<void>;
}

type Taken = Exclude<LeaseState, { readonly state: "free" }>;

/** How often the delete is tried: its RowVersion makes it harmless to repeat. */
const attempts = 3;

/** Looks who holds a lease. Nothing is written. */
export async function findLease(
  settings: LeaseSettings,
  reader: TenantReader,
  settle: number,
  signal: AbortSignal,
): Promise<FoundLease> {
  const opened = await openLease(settings, reader, signal);
  if ("problem" in opened) throw new PlanRefusedError(opened.problem, { hint: leaseQueueHint });
  const { queue } = opened;
  const found = judgeLease(await queue.newest(leaseReference(settings.name), signal), queue.now(), settle);
  const { name, folder } = settings;
  const place = { name, queue: settings.queue, folder };
  if (found.state === "free") return { status: { ...place, state: "free" }, end: () => Promise.resolve() };
  const { state, item } = found;
  const more = found.state === "touched" ? { why: found.why } : { holder: found.holder };
  return { status: { ...place, state, item: item.id, ...more }, end: (until) => end(queue, found, until) };
}

/** A living holder renews his lease while somebody decides, so its RowVersion is read right before. */
async function end(queue: LeaseQueue, { item }: Taken, signal: AbortSignal): Promise<void> {
  const holder = readHolder(item.content)?.runId;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const now = await queue.byId(item.id, signal);
    if (now === undefined || now.status === "Deleted") return;
    if (readHolder(now.content)?.runId !== holder || now.status !== item.status) break;
    const removed = await queue.remove(now, signal);
    if (removed.ending === "done") return;
    if (removed.ending === "refused") throw queue.errorOf(removed.fault);
  }
  throw new PlanRefusedError("the lease was not ended: it has changed since it was shown", {
    hint: "run orch-sync unlock again",
  });
}
