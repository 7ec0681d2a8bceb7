import { randomUUID } from "node:crypto";
import type { Finding } from "../../core/check-up.ts";
import type { Fault } from "../../core/fault.ts";
import type { PlanFolder } from "../../core/plan.ts";
import { unfitFor } from "../../kinds/lease/queue.ts";
import type { RowVersionConflict } from "../../kinds/capabilities.ts";
import { findLeaseQueue, openLeaseQueue, type LeaseQueue } from "../../orchestrator/lease/lease-queue.ts";
import type { Found, Witness } from "../../orchestrator/probe/filters.ts";
import type { QueuePlace } from "../../orchestrator/read/queue-items.ts";
import { leaseQueueHint } from "../apply/lease/open.ts";
import { problem, type Examined } from "./examined.ts";

/** What became of the one item that a probe writes. */
interface ProbedItem {
  readonly conflict: Found<RowVersionConflict>;
  /** What somebody has to look after. */
  readonly trouble?: Finding;
}

type Conflict = Found<RowVersionConflict>;

const notWritten: Conflict = { text: "nothing was written" };

/**
 * Adds an item to a queue that was named for it, has it looked at, asks with it how a write with an old RowVersion is
 * turned away, and deletes it. No write is sent twice: where nobody knows what came of one, the item is named.
 */
export async function withProbeItem(
  folder: PlanFolder,
  name: string,
  { reader, signal }: Examined,
  use: (place: QueuePlace, witness: Witness) => Promise<void>,
): Promise<ProbedItem> {
  const found = await findLeaseQueue({ folder: folder.path, queue: name }, reader, signal);
  if ("unknown" in found) return { conflict: notWritten, trouble: unfit(`there is no ${found.unknown}`) };
  const why = unfitFor(found.queue);
  if (why.length > 0) return { conflict: notWritten, trouble: unfit(`queue ${name}: ${why.join(", ")}`) };
  const queue = openLeaseQueue(folder, found.queue, reader);
  const reference = `doctor/${randomUUID()}`;
  const added = await queue.add(reference, { probe: "1" }, signal);
  if (added.ending !== "done") {
    const fault = "fault" in added ? added.fault : undefined;
    return { conflict: notWritten, trouble: notAdded(added.ending, reference, name, fault) };
  }
  const id = added.value;
  try {
    await use({ folder: folder.id, queue: found.queue.id }, { id, value: reference });
    const conflict = await provokeConflict(queue, { id, reference }, signal);
    return withLeft(conflict, await cleanUp(queue, id));
  } catch (error) {
    await cleanUp(queue, id);
    throw error;
  }
}

/** Changes the item, then deletes it as it was before: a server that looks at versions does not. */
async function provokeConflict(
  queue: LeaseQueue,
  { id, reference }: { readonly id: number; readonly reference: string },
  signal: AbortSignal,
): Promise<Conflict> {
  const before = await queue.byId(id, signal);
  if (before === undefined) return { text: "the item that was added is not seen" };
  const changed = await queue.replace({ id, reference }, { probe: "2" }, signal);
  const after = await queue.byId(id, signal);
  if (after === undefined || after.rowVersion === before.rowVersion) {
    return { text: `the item could not be changed${"fault" in changed ? `: ${changed.fault.message}` : ""}` };
  }
  const removed = await queue.remove(before, signal);
  switch (removed.ending) {
    case "stale": {
      const text = removed.by === "409" ? "turned away with HTTP 409" : "HTTP 200, and the item's id in FailedItems";
      return { answer: removed.by, text };
    }
    case "done": {
      const now = await queue.byId(id, signal);
      return now === undefined || now.status === "Deleted"
        ? { answer: "none", text: "the item was deleted, although somebody had changed it" }
        : { text: "answered as done, and the item is still there" };
    }
    case "taken":
    case "refused":
    case "open":
      return { text: `the delete was not answered as one${"fault" in removed ? `: ${removed.fault.message}` : ""}` };
  }
}

/** Deletes the item, by its version of now; interrupted or not. True when it is gone. */
async function cleanUp(queue: LeaseQueue, id: number): Promise<boolean> {
  const { signal } = new AbortController();
  try {
    const item = await queue.byId(id, signal);
    if (item === undefined || item.status === "Deleted") return true;
    return (await queue.remove(item, signal)).ending === "done";
  } catch {
    return false; // it is said that it stays
  }
}

function withLeft(conflict: Conflict, isGone: boolean): ProbedItem {
  if (isGone) return { conflict };
  const text = "the item that was added for the probe could not be deleted";
  return { conflict, trouble: problem("failed", text, "delete it: its reference begins with doctor/") };
}

function unfit(text: string): Finding {
  return problem("refused", `${text}: nothing is written there`, leaseQueueHint);
}

function notAdded(
  ending: "taken" | "stale" | "refused" | "open",
  reference: string,
  queue: string,
  fault?: Fault,
): Finding {
  const said = fault === undefined ? "" : ` (${fault.message})`;
  if (ending === "open") {
    const text = `nobody knows whether item ${reference} was added to queue ${queue}${said}`;
    return problem("failed", text, "look for it there, and delete it");
  }
  const cause = fault?.status === 403 ? "access" : "failed";
  return problem(cause, `no item could be added to queue ${queue}${said}`, "see the permissions that a lease needs");
}
