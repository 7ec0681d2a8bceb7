import type { LeaseSettings } from "../../../config/config.ts";
import { unfitFor } from "../../../kinds/lease/queue.ts";
import { findLeaseQueue, openLeaseQueue, type LeaseQueue } from "../../../orchestrator/lease/lease-queue.ts";
import type { TenantReader } from "../../../orchestrator/read/tenant.ts";

/** The queue of a lease, or why it cannot keep one: a whole sentence without its full stop. */
export async function openLease(
  { folder, queue }: Pick<LeaseSettings, "folder" | "queue">,
  reader: TenantReader,
  signal: AbortSignal,
): Promise<{ readonly queue: LeaseQueue } | { readonly problem: string }> {
  const found = await findLeaseQueue({ folder, queue }, reader, signal);
  if ("unknown" in found) return { problem: `the lease cannot be kept: there is no ${found.unknown}` };
  const unfit = unfitFor(found.queue);
  if (unfit.length > 0) return { problem: `queue ${found.queue.name} cannot keep the lease: ${unfit.join(", ")}` };
  return { queue: openLeaseQueue(found.folder, found.queue, reader) };
}

/** What helps where a queue cannot keep a lease. */
export const leaseQueueHint =
  "make a queue for this alone: unique references, no automatic retry, no trigger, no JSON schema";
