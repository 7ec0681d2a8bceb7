import type { Finding } from "../../core/check-up.ts";
import { ApiError } from "../../core/errors.ts";
import { unfitFor } from "../../kinds/lease/queue.ts";
import { findLeaseQueue } from "../../orchestrator/lease/lease-queue.ts";
import { leaseQueueHint } from "../apply/lease/open.ts";
import { readAccess } from "./access.ts";
import { attempt, fine, problem, problemOf, type After, type Examined } from "./examined.ts";
import { judge, leaseUses, remedy } from "./permissions.ts";

/** Whether the target's lease can be kept: its queue is there and fit, and the account may do there what an apply does. */
export async function checkLease(examined: Examined): Promise<Finding | After> {
  const { target, reader, known, signal } = examined;
  const { lease } = target;
  if (lease === undefined) return fine("the target has none: nothing keeps a second apply away");
  if (known.first instanceof ApiError) return { state: "skipped", after: "folder" };
  const found = await attempt(() => findLeaseQueue(lease, reader, signal), signal);
  if (found instanceof ApiError) return problemOf(found, "try again");
  if ("unknown" in found) {
    return problem("refused", `there is no ${found.unknown}`, `check lease in the target, or ${leaseQueueHint}`);
  }
  const { queue, folder } = found;
  const unfit = unfitFor(queue);
  if (unfit.length > 0) {
    return problem("refused", `queue ${queue.name} cannot keep it: ${unfit.join(", ")}`, leaseQueueHint);
  }
  const names = leaseUses.map(({ permission }) => permission);
  const access = await attempt(() => readAccess(folder, names, examined), signal);
  if (access instanceof ApiError) return problemOf(access, "try again");
  const { text, missing } = judge(leaseUses, access, known.token ?? {});
  const place = `queue ${queue.name} in ${folder.path}`;
  return missing.length === 0
    ? fine(`${place} can keep it; ${text}`)
    : problem("access", `${place}: ${text}`, remedy(missing), missing);
}
