import { expect, it } from "vitest";
import { exitCodeOfReport } from "../../../src/cli/exit-codes.ts";
import { countOutcomes, type Ending, type Outcome } from "../../../src/core/outcome.ts";
import type { ApplyReport } from "../../../src/core/report.ts";
import { keyOf } from "../views/sample.ts";

const fault = { kind: "http", call: "GET /odata/Jobs(1)", message: "" } as const;
const base = { key: keyOf("Job", "a"), action: "start", label: "", durationMs: 0, calls: 1 } as const;

function ended(ending: Ending, more: Partial<Outcome> = {}): Outcome {
  return { ...base, ...ending, ...more } as Outcome;
}

const applied = ended({ status: "applied" });
const done = ended({ status: "already-done" });
const failed = ended({ status: "failed", note: "" });
const skipped = ended({ status: "skipped", note: "" });
const unknown = ended({ status: "unknown", fault, sentAt: "", notBefore: "", note: "" });
const timedOut = ended({ status: "applied" }, { leftRunning: "timeout" });
const attached = ended({ status: "already-done" }, { leftRunning: "timeout" });
const unseen = ended({ status: "applied" }, { leftRunning: "unreadable", unreadable: { ...fault, status: 503 } });
const forbidden = ended({ status: "applied" }, { leftRunning: "unreadable", unreadable: { ...fault, status: 403 } });

type Row = readonly [name: string, code: number, outcomes: readonly Outcome[], more?: Partial<ApplyReport>];
const rows: readonly Row[] = [
  ["all is done", 0, [applied, done]],
  ["there was nothing to do", 0, []],
  ["interrupted, whatever else", 130, [applied, failed, timedOut, forbidden], { interrupted: "signal" }],
  ["interrupted before anything was sent", 130, [skipped], { interrupted: "signal" }],
  ["failed", 5, [applied, failed]],
  ["skipped", 5, [applied, skipped]],
  ["unknown", 5, [unknown]],
  ["failed comes before time that ran out", 5, [failed, timedOut], { interrupted: "timeout" }],
  ["skipped comes before a look that was refused", 5, [skipped, forbidden]],
  ["a wait for an earlier run that ran out, and nothing else", 7, [attached]],
  ["skipped after a wait for an earlier run that ran out", 5, [attached, skipped]],
  ["--timeout ran out before anything was sent", 7, [skipped], { interrupted: "timeout" }],
  ["--timeout ran out, and all that was begun is done", 7, [applied], { interrupted: "timeout" }],
  ["a look that was refused comes before time that ran out", 6, [forbidden, timedOut]],
  ["time that ran out comes before a run that cannot be seen", 7, [unseen, timedOut]],
  ["a run that cannot be seen", 1, [applied, unseen]],
];

it.each(rows.map(([name, code, ...rest]) => ({ name, code, rest })))("$name: $code", ({ code, rest }) => {
  const [outcomes, more = {}] = rest;
  const report: ApplyReport = {
    planId: "0".repeat(64),
    target: { name: "t", url: "u", apiVersion: 16 },
    startedAt: "",
    durationMs: 0,
    calls: 1,
    counts: countOutcomes(outcomes),
    resources: [],
    outcomes,
    waitTimedOut: outcomes.includes(timedOut) || outcomes.includes(attached),
    ...more,
  };
  expect(exitCodeOfReport(report)).toBe(code);
});
