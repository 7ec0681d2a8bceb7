import type { Change } from "../../core/change.ts";
import type { Fault } from "../../core/fault.ts";
import { HeldCreate } from "../../core/held-create.ts";
import { HeldOutcome, type Done, type Success } from "../../core/held-outcome.ts";
import { countOutcomes, type Ending, type LeftRunning, type Outcome } from "../../core/outcome.ts";
import type { ApplyReport } from "../../core/report.ts";
import { keyIdentity, type ResourceKey } from "../../core/resource.ts";

/** What was done for a change so far. */
export type Work = Done;

const noWork: Work = { durationMs: 0, calls: 0, traceIds: [] };

export function plus(first: Work | undefined, second: Work): Work {
  if (first === undefined) return second;
  return {
    durationMs: first.durationMs + second.durationMs,
    calls: first.calls + second.calls,
    traceIds: [...new Set([...first.traceIds, ...second.traceIds])],
  };
}

/** A run that goes on without us. */
export interface Left {
  readonly why: LeftRunning;
  readonly fault?: Fault;
}

/** What a report says of a change. Without an ending it was in no operation: a defect, and still never a silent one. */
export function outcomeOf(
  change: Change,
  ending: Ending = { status: "failed", note: "nothing was sent for this change" },
  { durationMs, calls, traceIds }: Work = noWork,
  left?: Left,
): Outcome {
  const { key, action, label, source } = change;
  return {
    ...ending,
    key,
    action,
    label,
    durationMs,
    calls,
    ...(traceIds.length === 0 ? {} : { traceIds }),
    ...(source === undefined ? {} : { source }),
    ...(left === undefined ? {} : { leftRunning: left.why }),
    ...(left?.fault === undefined ? {} : { unreadable: left.fault }),
  };
}

/** The same, and of what is kept in a file no more than its ending: there may be a hundred thousand. */
export function settledOutcome(
  resource: ResourceKey,
  change: Change,
  ending?: Ending,
  work?: Work,
  left?: Left,
): Outcome {
  if (left !== undefined || !(change instanceof HeldCreate) || ending === undefined || !isBrief(ending)) {
    return outcomeOf(change, ending, work, left);
  }
  return new HeldOutcome(change, resource, ending, work ?? noWork) as Outcome;
}

function isBrief(ending: Ending): ending is Success {
  return (ending.status === "applied" || ending.status === "already-done") && ending.outputs === undefined;
}

/** The report with what needed no write before the apply began: the counts add up to what was planned. */
export function withSettled(report: ApplyReport, settled: readonly Outcome[]): ApplyReport {
  if (settled.length === 0) return report;
  const outcomes = [...settled, ...report.outcomes];
  const resources = new Map(report.resources.map((each) => [keyIdentity(each.key), each]));
  for (const [identity, all] of Map.groupBy(outcomes, ({ key: { entry: _entry, ...key } }) => keyIdentity(key))) {
    const { kind, folder, name } = all[0]?.key ?? { kind: "Job", folder: "", name: "" };
    const known = resources.get(identity) ?? { key: { kind, folder, name }, durationMs: 0, calls: 0 };
    resources.set(identity, { ...known, counts: countOutcomes(all) });
  }
  return { ...report, outcomes, counts: countOutcomes(outcomes), resources: [...resources.values()] };
}
