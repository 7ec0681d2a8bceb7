import type { Change } from "../../../src/core/change.ts";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { countOutcomes, type Outcome } from "../../../src/core/outcome.ts";
import { summarize } from "../../../src/core/plan.ts";
import type { ApplyReport } from "../../../src/core/report.ts";
import type { ResourceKey } from "../../../src/core/resource.ts";
import type { SourceSpan } from "../../../src/core/source.ts";
import { planOf, resource } from "./sample.ts";

/** A plan, a report and diagnostics that hold one text in every place that has room for a text. */
export function everywhere(evil: string) {
  const key: ResourceKey = { kind: "QueueItems", folder: evil, name: evil };
  const source: SourceSpan = { file: evil, line: 3, column: 2000, length: 9000, text: evil };
  const fault = {
    kind: "http",
    message: evil,
    call: `POST ${evil}`,
    status: 500,
    errorCode: evil,
    traceId: evil,
  } as const;
  const base = { key: { ...key, entry: evil }, label: evil, summary: evil, source, warnings: [evil] } as const;
  const reason = { code: "drift-refused", text: `because ${evil}` } as const;
  const precondition = { type: "absent" } as const;
  const fields = [
    { path: `content.${evil}`, before: evil, after: `${evil}x` },
    { path: evil, before: evil, after: { [evil]: [evil] } },
    { path: "content.Lines", before: `a\n${evil}`, after: `b\n${evil}` },
  ];

  const changes: readonly Change[] = [
    { ...base, action: "create", after: { [evil]: evil }, precondition, reason },
    { ...base, action: "update", before: { a: evil }, after: {}, fields, precondition, reason },
    { ...base, action: "delete", before: {}, precondition, reason },
    { ...base, action: "start", run: "again", label: "", after: {}, fields, precondition, reason },
    { ...base, action: "blocked", reason, hint: evil },
    { ...base, action: "no-op", reason },
  ];

  const diagnostics: readonly Diagnostic[] = (["error", "warning"] as const).map((severity) => ({
    code: evil as Diagnostic["code"],
    severity,
    message: evil,
    hint: evil,
    remark: evil,
    source,
    key,
  }));

  const resources = [
    resource("QueueItems", "x", evil, changes, { key, notes: [evil], source, settings: { [evil]: evil } }),
  ];
  const plan = planOf(resources, {
    target: { name: evil, url: evil, apiVersion: 20 },
    toolVersion: evil,
    createdAt: evil,
    summary: summarize(resources),
    diagnostics,
    guards: [
      { guard: "maxStops", count: 1, limit: 0, message: evil, forced: false },
      { guard: "maxDeletes", count: 1, limit: 0, message: evil, forced: true },
    ],
  });

  const outcomeBase = { key: base.key, action: "create", label: evil, durationMs: 1, calls: 1, source } as const;
  const outcomes: readonly Outcome[] = [
    { ...outcomeBase, status: "failed", note: evil, fault },
    { ...outcomeBase, status: "unknown", note: evil, fault, sentAt: evil, notBefore: evil },
    { ...outcomeBase, status: "skipped", note: evil },
    { ...outcomeBase, status: "applied", note: evil, leftRunning: "timeout" },
    { ...outcomeBase, status: "applied", note: evil, leftRunning: "unreadable", unreadable: fault, traceIds: [evil] },
  ];
  const report: ApplyReport = {
    planId: plan.id,
    target: plan.target,
    startedAt: evil,
    durationMs: 1,
    calls: 1,
    counts: { applied: 1, "already-done": 0, failed: 1, skipped: 1, unknown: 1 },
    resources: [{ key, counts: countOutcomes(outcomes), durationMs: 1, calls: 1 }],
    outcomes,
    waitTimedOut: true,
    timeline: {
      slotMs: 100,
      pauses: [{ reason: "retry", fromMs: 0, toMs: 1, times: 1 }],
      lanes: [{ key, open: [], ends: [], steps: [{ atMs: 1, text: evil }] }],
    },
  };
  return { key, fault, outcomeBase, plan, report, diagnostics };
}
