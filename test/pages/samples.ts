import type { Change } from "../../src/core/change.ts";
import { countOutcomes, type Outcome, type OutcomeStatus } from "../../src/core/outcome.ts";
import type { ApplyReport } from "../../src/core/report.ts";
import { planHtml } from "../../src/views/html/plan.ts";
import { reportHtml } from "../../src/views/html/report.ts";
import { everywhere } from "../unit/views/everywhere.ts";
import { createOf, ends, reportOf, resourcesOf, timelineOf } from "../unit/views/reports.ts";
import { job, keyOf, planOf, queueItems, resource, review, stoppedJobs } from "../unit/views/sample.ts";

const version = { type: "version", id: 1, rowVersion: "AAAA" } as const;

const address = {
  street: "Rue de la Loi 200",
  city: "Brussels",
  lines: ["1st floor", "room 12", "ring twice"],
};
const longText =
  "The supplier has confirmed the delivery of all forty pallets for the 5th of December, weather permitting, and asks " +
  "for the invoice to be sent to the new address.";

/** One item of which everything differs that can. */
const changed: Change = {
  key: keyOf("QueueItems", "invoices-april", "INV-2026-04-000117"),
  label: "INV-2026-04-000117",
  action: "update",
  summary: "",
  reason: { code: "differs", text: "differs" },
  before: {},
  after: {},
  fields: [
    { path: "priority", before: "Normal", after: "High" },
    { path: "dueDate", before: "2026-12-05T17:00:00Z", after: null },
    { path: "content.Amount", before: 12.5, after: 13 },
    { path: "content.Token", sensitive: true },
    { path: "content.Note", before: longText, after: longText.replace("forty", "thirty-eight").replace("5th", "7th") },
    { path: "content.Address", before: address, after: { ...address, lines: ["1st floor", "room 14", "ring twice"] } },
    {
      path: "content.Text",
      before: "one\ntwo\nthree\nfour\nfive\nsix",
      after: "one\n2\nthree\nfour\nfive\nsix\nseven",
    },
    { path: "content.Path", before: "C:\\inbox\\".repeat(30), after: `${"C:\\inbox\\".repeat(30)}new` },
    { path: "content.New", after: "was not there" },
    { path: "content.Gone", before: "will not be there" },
  ],
  warnings: ["the tenant spells it inv-2026-04-000117"],
  precondition: version,
};

const changedItems = resource("QueueItems", "invoices-april", "queue DocQueue", [
  changed,
  createOf("invoices-april", "INV-2026-04-000118"),
]);

const guard = {
  guard: "maxStops",
  count: 1,
  limit: 0,
  message: "1 to stop, maxStops allows 0",
  forced: false,
} as const;

/** A plan with a line of every sort, blocked ones too. */
export function blockedPlan(): string {
  return planHtml(planOf([queueItems, changedItems, job, review, stoppedJobs], { guards: [guard] }), {
    verbose: false,
  });
}

export function cleanPlan(): string {
  return planHtml(planOf([changedItems, job, review]), { verbose: true });
}

export function largePlan(): string {
  const many = Array.from({ length: 40 }, (_, index) =>
    resource(
      "QueueItems",
      `set-${index}`,
      "queue DocQueue",
      Array.from({ length: 500 }, (_each, entry): Change =>
        entry % 5 === 0 ? { ...changed, label: `INV-${entry}` } : createOf(`set-${index}`, `INV-${entry}`),
      ),
    ),
  );
  return planHtml(planOf(many), { verbose: false });
}

/** What became of a run with a bit of everything. */
export function mixedReport(): string {
  return reportHtml({ ...reportOf({ times: 3 }), timeline: timelineOf() });
}

/** A hundred thousand changes in three hundred resources, some of which failed. */
export function largeReport(): string {
  const outcomes: Outcome[] = Array.from({ length: 100_000 }, (_, index) => {
    const status: OutcomeStatus = index % 50 === 7 ? "failed" : index % 2000 === 9 ? "skipped" : "applied";
    const name = `set-${index % 300}`;
    const label = `INV-2026-${String(index).padStart(6, "0")}`;
    const about = { key: keyOf("QueueItems", name, label), action: "create", label, durationMs: 1, calls: 1 } as const;
    return { ...about, status, note: status === "failed" ? "Reference is required" : "" };
  });
  const resources = resourcesOf(outcomes);
  const report: ApplyReport = {
    ...reportOf(),
    outcomes,
    resources,
    counts: countOutcomes(outcomes),
    durationMs: 480_000,
    calls: 1234,
    timeline: {
      slotMs: 6400,
      pauses: [],
      lanes: resources.map(({ key }, at) => ({
        key,
        beganMs: at * 1500,
        endedMs: at * 1500 + 31_000,
        open: [],
        ends: ends(5, (slot) => ({
          slot: Math.floor((at * 1500) / 6400) + slot,
          done: 60 + at + slot,
          failed: at % 40 === 3 && slot === 2 ? 6 : 0,
        })),
        steps: [],
      })),
    },
  };
  return reportHtml(report);
}

export function doneReport(): string {
  return reportHtml(reportOf({ only: ["applied", "already-done"] }));
}

/** What a hostile tenant may hold: markup, commands, texts that turn around, and words without an end. */
const evil = [
  "<script>document.title='owned';fetch('https://evil.example/')</script><img src=//evil.example onerror=alert(1)>",
  "<svg onload=alert(1)><style>*{display:none}</style></svg></title></style></code></details><iframe src=//evil.example>",
  "\u001b[2J\u001b]0;owned\u0007\u0000\u0008",
  "\u202Egpj.exe\u202C\u2066 \u05E9\u05DC\u05D5\u05DD \u0639\u0631\u0628\u064A",
  "&lt;b&gt; \" ' ]]> --> javascript:alert(1)",
  "W".repeat(400),
  "e\u0301\u0302\u0303".repeat(20),
].join(" ");

export function hostilePlan(): string {
  return planHtml(everywhere(evil).plan, { verbose: true });
}

export function hostileReport(): string {
  return reportHtml(everywhere(evil).report);
}
