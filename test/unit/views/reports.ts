import type { Change } from "../../../src/core/change.ts";
import { countOutcomes, type Outcome, type OutcomeStatus } from "../../../src/core/outcome.ts";
import type { ApplyReport, ResourceReport } from "../../../src/core/report.ts";
import { keyIdentity } from "../../../src/core/resource.ts";
import { none, type SlotEnds, type Timeline } from "../../../src/core/timeline.ts";
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

/** The times of such a report: waits of all sorts, lost answers, failures, and a resource that never began. */
export function timelineOf(): Timeline {
  return {
    slotMs: 2000,
    pauses: [
      { reason: "quota", fromMs: 20_000, toMs: 29_000, times: 2 },
      { reason: "retry", fromMs: 55_000, toMs: 61_000, times: 1 },
      { reason: "asked", fromMs: 150_000, toMs: 171_000, times: 1 },
    ],
    lanes: [
      {
        key: keyOf("QueueItems", "invoices-march"),
        beganMs: 200,
        endedMs: 96_000,
        open: [{ fromMs: 30_000, toMs: 52_000, times: 2 }],
        ends: ends(48, (slot) => ({ done: 20 + ((slot * 37) % 60), failed: slot === 11 || slot === 40 ? 3 : 0 })),
        steps: [],
      },
      {
        key: keyOf("Job", "nightly"),
        waitedMs: 200,
        beganMs: 96_100,
        endedMs: 240_500,
        open: [{ fromMs: 97_000, toMs: 240_500, times: 1 }],
        ends: [{ ...none(119), unknown: 3 }],
        steps: [
          { atMs: 96_900, text: "started job 128211 (nightly@9b1e44d07a2c)" },
          { atMs: 140_000, text: "job 128211 Running" },
        ],
      },
      {
        key: keyOf("Review", "failed-invoices"),
        waitedMs: 200,
        open: [],
        ends: [{ ...none(119), skipped: 3 }],
        steps: [],
      },
    ],
  };
}

/** So many slots in which something ended. */
export function ends(slots: number, of: (slot: number) => Partial<SlotEnds>): SlotEnds[] {
  return Array.from({ length: slots }, (_, slot) => ({ ...none(slot), ...of(slot) }));
}
