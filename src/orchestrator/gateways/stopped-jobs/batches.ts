import type { Change } from "../../../core/change.ts";
import type { PlannedResource, Price } from "../../../core/plan.ts";
import { priceOfIds } from "../../read/jobs.ts";
import { batches } from "../answers.ts";

/** Jobs that one StopJobs call carries: few, for one job that has ended refuses all of them. */
const stopsAtOnce = 100;

/** The jobs to stop, as many as a call takes at a time. */
export function stopBatches({ changes }: Pick<PlannedResource, "changes">): Change[][] {
  const stops = Iterator.from(changes)
    .filter(({ action }) => action === "stop")
    .toArray();
  return batches(stops, stopsAtOnce, Number.POSITIVE_INFINITY, () => 0);
}

/** The stops, and the reads before and after: who is still meant, and what became of them. */
export function priceOfStops(resource: Pick<PlannedResource, "changes">): Price {
  const prices = stopBatches(resource).map(({ length }) => priceOfIds(length));
  return {
    calls: prices.reduce((sum, { calls }) => sum + 1 + 2 * calls, 0),
    listCalls: prices.reduce((sum, { listCalls }) => sum + 2 * listCalls, 0),
  };
}
