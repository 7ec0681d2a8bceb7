import { reportFormat } from "../../core/formats.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { ApplyReport } from "../../core/report.ts";
import { faultJson, keyJson, object, sourceJson, targetJson } from "./parts.ts";
import { timelineJson } from "./timeline.ts";

/** The report as `schemas/report.schema.json` describes it. */
export function reportJson(report: ApplyReport): JsonObject {
  return { ...reportHead(report), outcomes: report.outcomes.map(outcomeJson) };
}

/** All of it but the outcomes. */
export function reportHead(report: ApplyReport): JsonObject {
  return object({
    format: reportFormat,
    planId: report.planId,
    target: targetJson(report.target),
    startedAt: report.startedAt,
    durationMs: report.durationMs,
    calls: report.calls,
    counts: { ...report.counts },
    interrupted: report.interrupted,
    halted: report.halted,
    waitTimedOut: report.waitTimedOut,
    timeline: report.timeline && timelineJson(report.timeline),
    resources: report.resources.map(({ key, counts, durationMs, calls, note }) =>
      object({ key: keyJson(key), counts: { ...counts }, durationMs, calls, note }),
    ),
  });
}

export function outcomeJson(outcome: Outcome): JsonObject {
  const { key, action, label, status, note, ids, durationMs, calls, traceIds, source, leftRunning, unreadable } =
    outcome;
  const fault = "fault" in outcome ? outcome.fault : undefined;
  const outputs = "outputs" in outcome ? outcome.outputs : undefined;
  return object({
    key: keyJson(key, key.entry),
    action,
    label,
    status,
    note,
    ids: ids && [...ids],
    outputs: outputs?.map(({ job, arguments: given }) => ({ job, arguments: given })),
    fault: fault && faultJson(fault),
    sentAt: outcome.status === "unknown" ? outcome.sentAt : undefined,
    notBefore: outcome.status === "unknown" ? outcome.notBefore : undefined,
    durationMs,
    calls,
    traceIds: traceIds && [...traceIds],
    leftRunning,
    unreadable: unreadable && faultJson(unreadable),
    source: sourceJson(source),
  });
}
