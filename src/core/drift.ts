import type { Change } from "./change.ts";
import { only } from "./change-spool.ts";
import type { PlannedResource } from "./plan.ts";

/**
 * What a pending change says of the tenant. `converges`: its state differs from what the manifests say, which is drift
 * when no manifest has changed. `waits`: a run is due, or under way. `always`: a run that is due with every plan.
 */
export type DriftClass = "converges" | "waits" | "always";

/** How many changes there are of each class. */
export type DriftSummary = Readonly<Record<DriftClass, number>>;

/** The class of a change; undefined for what is in line or blocked. */
export function driftOf(change: Change): DriftClass | undefined {
  switch (change.action) {
    case "create":
    case "update":
    case "delete":
    case "assign":
    case "stop":
      return "converges";
    case "start":
      return change.always === true ? "always" : "waits";
    case "wait":
      return "waits";
    case "no-op":
    case "blocked":
      return undefined;
  }
}

/** Counts the lines of a plan by class. */
export function summarizeDrift(resources: readonly Pick<PlannedResource, "changes">[]): DriftSummary {
  const counts = { converges: 0, waits: 0, always: 0 };
  for (const { changes } of resources) {
    for (const change of only(changes, (action) => action !== "no-op")) {
      const found = driftOf(change);
      if (found !== undefined) counts[found]++;
    }
  }
  return counts;
}
