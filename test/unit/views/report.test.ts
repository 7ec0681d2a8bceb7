import { describe, expect, it } from "vitest";
import { countOutcomes, type Outcome } from "../../../src/core/outcome.ts";
import type { ApplyReport } from "../../../src/core/report.ts";
import { errorView } from "../../../src/views/human/error.ts";
import { reportView, type ReportOptions } from "../../../src/views/human/report.ts";
import { resourcesOf } from "./reports.ts";
import { keyOf } from "./sample.ts";

const plain: ReportOptions = { color: false, width: 100, verbose: false };

const failed: Outcome = {
  key: keyOf("QueueItems", "invoices-march", "INV-017"),
  action: "create",
  label: "INV-017",
  durationMs: 10,
  calls: 1,
  status: "failed",
  note: "refused by the server",
  fault: {
    kind: "http",
    status: 400,
    errorCode: "TransactionReferenceRequired",
    message: "Reference is required for Unique Reference Queues.",
    call: "POST /odata/Queues/UiPathODataSvc.BulkAddQueueItems",
  },
  source: { file: "manifests/march.csv", line: 18, column: 1 },
};

const unknown: Outcome = {
  key: keyOf("Job", "nightly"),
  action: "start",
  label: "",
  durationMs: 240_000,
  calls: 1,
  status: "unknown",
  sentAt: "2026-11-21T10:31:05Z",
  notBefore: "2026-11-21T10:35:05Z",
  note: "no job nightly@once was found 4 min later",
  fault: {
    kind: "network",
    message: "ECONNRESET",
    call: "POST /odata/Jobs/UiPath.Server.Configuration.OData.StartJobs",
    traceId: "00-51c0",
  },
};

function skipped(id: number): Outcome {
  return {
    key: keyOf("Review", "failed-invoices", String(id)),
    action: "assign",
    label: `INV-${id} (${id})`,
    durationMs: 0,
    calls: 1,
    status: "skipped",
    note: "depends on Job/nightly, which did not succeed",
  };
}

const started: Outcome = {
  key: keyOf("Job", "smoke-test"),
  action: "start",
  label: "",
  durationMs: 10,
  calls: 1,
  status: "applied",
  ids: [128211],
};

function reportOf(outcomes: readonly Outcome[], more: Partial<ApplyReport> = {}): ApplyReport {
  return {
    planId: "7".repeat(64),
    target: { name: "prod", url: "https://cloud.uipath.com/acme/prod/orchestrator_", apiVersion: 20 },
    startedAt: "2026-11-21T10:31:02Z",
    durationMs: 69_000,
    calls: 17,
    counts: countOutcomes(outcomes),
    resources: resourcesOf(outcomes),
    outcomes,
    waitTimedOut: false,
    ...more,
  };
}

describe("reportView", () => {
  it("names everything that is not as it should be, then counts", () => {
    const counts = { applied: 1200, "already-done": 1, failed: 1, skipped: 1, unknown: 1 };
    expect(reportView(reportOf([failed, unknown, skipped(100)], { counts }), plain)).toBe(
      `1 of 1,204 changes failed, 1 was skipped, 1 is unknown.
failed   QueueItems/invoices-march INV-017  manifests/march.csv:18  refused by the server: 400
         TransactionReferenceRequired: Reference is required for Unique Reference Queues.
skipped  Review/failed-invoices INV-100 (100)  depends on Job/nightly, which did not succeed
unknown  Job/nightly  StartJobs was sent at 10:31:05 and the connection broke; no job nightly@once
         was found 4 min later   traceId 00-51c0
What is unknown may still take effect. Apply again, not before 10:35:05 UTC: it looks first.

Applied 1,200, already done 1, failed 1, skipped 1, unknown 1.   17 calls, 69 s
`,
    );
  });

  it("is one line when all went well", () => {
    expect(reportView(reportOf([started], { calls: 1, durationMs: 3100 }), plain)).toBe(
      "Applied 1, already done 0, failed 0, skipped 0, unknown 0.   1 call, 3.1 s\n",
    );
  });

  it("breaks its last lines between figures, never within one, and leaves no exit code alone", () => {
    const report = reportOf([failed], {
      counts: { applied: 1200, "already-done": 1, failed: 1, skipped: 0, unknown: 0 },
    });
    const lastAt = (width: number): string[] =>
      reportView(report, { ...plain, width, exitCode: 5 })
        .trimEnd()
        .split("\n\n")
        .at(-1)
        ?.split("\n") ?? [];
    expect(lastAt(100)).toEqual([
      "Applied 1,200, already done 1, failed 1, skipped 0, unknown 0.   17 calls, 69 s   exit 5",
    ]);
    expect(lastAt(80)).toEqual([
      "Applied 1,200, already done 1, failed 1, skipped 0, unknown 0.",
      "  17 calls, 69 s   exit 5",
    ]);
    expect(lastAt(40)).toEqual([
      "Applied 1,200, already done 1, failed 1,",
      "  skipped 0, unknown 0.",
      "  17 calls, 69 s   exit 5",
    ]);
  });

  it("names all that failed and the first of what was skipped", () => {
    const outcomes = [
      ...Array.from({ length: 50 }, () => failed),
      ...Array.from({ length: 25 }, (_, index) => skipped(index + 1)),
    ];
    const lines = reportView(reportOf(outcomes), plain).split("\n");
    expect(lines[0]).toBe("50 of 75 changes failed, 25 were skipped.");
    expect(lines.filter((line) => line.startsWith("failed "))).toHaveLength(50);
    expect(lines.filter((line) => line.startsWith("skipped "))).toHaveLength(20);
    expect(lines).toContain("         … 5 more skipped (--verbose shows them)");
    const verbose = reportView(reportOf(outcomes), { ...plain, verbose: true }).split("\n");
    expect(verbose.filter((line) => line.startsWith("skipped "))).toHaveLength(25);
  });

  it("says why it ended early and what was not waited for", () => {
    const left: Outcome = { ...started, leftRunning: "interrupted" };
    expect(reportView(reportOf([left], { interrupted: "signal", waitTimedOut: true }), plain)).toBe(
      `waited   Job/smoke-test  its end was not waited for any longer

Ended early: it was interrupted.
Applied 1, already done 0, failed 0, skipped 0, unknown 0.   17 calls, 69 s
`,
    );
    expect(reportView(reportOf([], { interrupted: "timeout" }), plain)).toContain("Ended early: the time ran out.\n");
  });

  it("names what was done when asked to", () => {
    const already: Outcome = { ...started, status: "already-done", note: "the queue has it" };
    expect(reportView(reportOf([started, already]), { ...plain, verbose: true })).toContain(
      "applied  Job/smoke-test\nalready  Job/smoke-test  the queue has it\n\n",
    );
  });

  it("does not say twice what the server said", () => {
    const told: Outcome = {
      ...failed,
      note: "Queue is full.",
      fault: { kind: "http", status: 409, message: "Queue is full.", call: "POST /odata/Queues" },
    };
    expect(reportView(reportOf([told]), plain)).toContain("manifests/march.csv:18  409: Queue is full.\n");
  });

  it.each([
    [{ kind: "timeout" }, "no answer came in time"],
    [{ kind: "http", status: 502 }, "the server answered 502"],
    [{ kind: "content" }, "its answer could not be used"],
    [{ kind: "cancelled" }, "the run was stopped"],
  ] as const)("tells what became of a write: %j", (fault, text) => {
    const open: Outcome = { ...unknown, note: "", fault: { message: "x", call: "PUT /odata/QueueItems(7)", ...fault } };
    expect(reportView(reportOf([open]), plain)).toContain(
      `PUT /odata/QueueItems(7) was sent at 10:31:05 and ${text}\n`,
    );
  });
});

describe("errorView", () => {
  it("says what failed, what the server said and what to do", () => {
    const error = {
      message: "cannot reach the target prod",
      hint: "Check ORCH_CLIENT_ID and ORCH_CLIENT_SECRET.",
      fault: {
        kind: "http",
        call: "POST /identity_/connect/token",
        status: 401,
        errorCode: "invalid_client",
        message: "",
        traceId: "00-9a",
      },
    } as const;
    expect(errorView(error, plain)).toBe(
      `orch-sync: cannot reach the target prod
  POST /identity_/connect/token  401 invalid_client   traceId 00-9a
  Check ORCH_CLIENT_ID and ORCH_CLIENT_SECRET.
`,
    );
  });

  it("tells each cause once, and no stack", () => {
    const cause = new Error("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:9") });
    expect(errorView({ message: "no answer: fetch failed", cause }, plain)).toBe(
      "orch-sync: no answer: fetch failed\n  connect ECONNREFUSED 127.0.0.1:9\n",
    );
  });

  it("says nothing of our own abort: the message has said what ran out", () => {
    const cause = new DOMException("This operation was aborted", "AbortError");
    expect(errorView({ message: "did not answer in time", cause }, plain)).toBe("orch-sync: did not answer in time\n");
  });

  it("has words for a fault without any", () => {
    const fault = { kind: "network", call: "GET /odata/Folders", message: "" } as const;
    expect(errorView({ message: "cannot plan", fault }, plain)).toContain("GET /odata/Folders  the connection broke\n");
  });
});
