import type { Change } from "../../../src/core/change.ts";
import { countOutcomes, type Outcome, type OutcomeStatus } from "../../../src/core/outcome.ts";
import type { ApplyReport, ResourceReport } from "../../../src/core/report.ts";
import { keyIdentity } from "../../../src/core/resource.ts";
import { keyOf } from "./sample.ts";

export function createOf(name: string, reference: string): Change {
  return {
    key: keyOf("QueueItems", name, reference),
    label: reference,
    action: "create",
    summary: "Normal",
    reason: { code: "missing", text: "missing" },
    after: { reference },
    precondition: { type: "absent" },
  };
}

const fault = {
  kind: "http",
  message: "Reference is required for Unique Reference Queues.",
  call: "POST /odata/Queues/UiPathODataSvc.BulkAddQueueItems",
  status: 400,
  errorCode: "TransactionReferenceRequired",
  traceId: "00-51c0",
} as const;
const lost = { kind: "network", message: "reset", call: "POST /odata/Jobs/UiPath.Server.StartJobs" } as const;
const row = (line: number): Pick<Outcome, "source"> => ({ source: { file: "manifests/march.csv", line, column: 1 } });
const march = (reference: string): Pick<Outcome, "key" | "label" | "action"> => ({
  key: keyOf("QueueItems", "invoices-march", reference),
  label: reference,
  action: "create",
});

const outcomes: readonly Outcome[] = [
  { ...march("INV-016"), ...row(17), status: "applied", note: "added", ids: [7], durationMs: 120, calls: 1 },
  { ...march("INV-017"), ...row(18), status: "failed", note: "", fault, durationMs: 80, calls: 1 },
  { ...march("INV-018"), ...row(19), status: "already-done", durationMs: 0, calls: 1 },
  {
    key: keyOf("Job", "nightly"),
    label: "",
    action: "start",
    status: "unknown",
    note: "no job nightly@once was found 4 min later",
    fault: lost,
    sentAt: "2026-11-21T10:31:05Z",
    notBefore: "2026-11-21T10:35:05Z",
    durationMs: 240_000,
    calls: 1,
  },
  {
    key: keyOf("Review", "failed-invoices", "5"),
    label: "INV-100 (5)",
    action: "assign",
    status: "skipped",
    note: "depends on Job/nightly, which did not succeed",
    durationMs: 0,
    calls: 1,
  },
];

/** A report with an outcome of every status, each so many times. */
export function reportOf(
  options: { readonly only?: readonly OutcomeStatus[]; readonly times?: number } = {},
): ApplyReport {
  const { only, times = 1 } = options;
  const chosen = outcomes.filter(({ status }) => only?.includes(status) ?? true);
  const all = Array.from({ length: times }, () => chosen).flat();
  return {
    planId: "7c1f9e02".repeat(8),
    target: { name: "prod", url: "https://cloud.uipath.com/acme/prod/orchestrator_", apiVersion: 20 },
    startedAt: "2026-11-21T10:31:02Z",
    durationMs: 241_000,
    calls: 17,
    counts: countOutcomes(all),
    resources: resourcesOf(all),
    outcomes: all,
    waitTimedOut: false,
  };
}

/** The same report, with something to be said of its first resource besides. */
export function withNote(report: ApplyReport, note: string): ApplyReport {
  const [first, ...rest] = report.resources;
  return first === undefined ? report : { ...report, resources: [{ ...first, note }, ...rest] };
}

/** What a report says of resources that took a second and two calls each. */
export function resourcesOf(ended: readonly Outcome[]): readonly ResourceReport[] {
  const groups = Map.groupBy(ended, ({ key: { kind, folder, name } }) => keyIdentity({ kind, folder, name }));
  return [...groups.values()].map(([first, ...rest]) => {
    const { kind, folder, name } = (first as Outcome).key;
    const counts = countOutcomes([first as Outcome, ...rest]);
    return { key: { kind, folder, name }, counts, durationMs: 1000, calls: 2 };
  });
}
