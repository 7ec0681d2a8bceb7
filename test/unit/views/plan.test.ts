import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { Change, FieldChange } from "../../../src/core/change.ts";
import { planView, type PlanOptions } from "../../../src/views/human/plan.ts";
import { job, keyOf, planOf, queueItems, resource, review, stoppedJobs } from "./sample.ts";

const plain: PlanOptions = { color: false, width: 100, verbose: false };

function create(reference: string, summary: string = "Normal"): Change {
  const key = keyOf("QueueItems", "march", reference);
  return { key, label: reference, action: "create", summary, after: {}, precondition: { type: "absent" } };
}

function update(fields: readonly FieldChange[]): Change {
  return {
    key: keyOf("QueueItems", "march", "INV-1"),
    label: "INV-1",
    action: "update",
    summary: "",
    before: {},
    after: {},
    fields,
    precondition: { type: "version", id: 1, rowVersion: "A" },
  };
}

/** The lines below the entry of a plan with one update. */
function fieldLines(fields: readonly FieldChange[], options: PlanOptions = plain): string[] {
  const plan = planOf([resource("QueueItems", "march", "queue DocQueue", [update(fields)])]);
  const lines = planView(plan, options).split("\n");
  return lines.slice(lines.indexOf("  ~ INV-1") + 1, lines.indexOf("Plan: 1 to update.") - 1);
}

function inLine(reference: string): Change {
  return { key: keyOf("QueueItems", "march", reference), label: reference, action: "no-op", summary: "in line" };
}

describe("planView", () => {
  it("shows the plan of the month", () => {
    expect(planView(planOf([queueItems, job, stoppedJobs, review]), plain)).toBe(
      `Target prod  https://cloud.uipath.com/acme/prod/orchestrator_  (API 20)   folder Finance/Invoices

StoppedJobs/retire-legacy  →  process LegacyImport
  x job 128001         stop LegacyImport, Running since 2026-11-20 08:00Z

>> Job/smoke-test      start InvoiceSmokeTest again
    because no run with these inputs (last run: job 128209 Successful)
    inputArguments.age  32 → 33

QueueItems/invoices-march  →  queue DocQueue
  note: seeding starts jobs of InvoiceProcessing
  + INV-004            High, due 2026-12-05 17:00Z
  ~ INV-002
      priority  Normal → High
      content
      @@ Amount @@
      -  12.5
      +  13
      @@ Email @@
         (sensitive) → (sensitive)
  ! INV-009            blocked: content.Email is required by the queue's schema
                       manifests/march.yaml:31
      add it to the content, or relax the schema of DocQueue

Review/failed-invoices  →  queue DocQueue
  @ INV-100 (1050200)  none → ana@corp.example, None → InReview
  @ INV-101 (1050207)  none → ion@corp.example, None → InReview

  = 1 in line (--verbose shows them)

Plan: 1 to stop, 1 to start again, 1 to create, 1 to update, 2 to assign, 1 blocked.
Read with 4 calls (2 list calls of 90 a minute). Applying takes at least 6 calls.
1 blocked: nothing can be applied. Fix what is blocked, or leave it out:
  --exclude 'kind=QueueItems,name=invoices-march'
`,
    );
  });

  it("says so when there is nothing to do", () => {
    const plan = planOf([resource("QueueItems", "march", "queue DocQueue", [inLine("INV-1"), inLine("INV-2")])]);
    expect(planView(plan, plain)).toBe(
      `Target prod  https://cloud.uipath.com/acme/prod/orchestrator_  (API 20)   folder Finance/Invoices

Nothing to do: 2 entries in line.
Read with 4 calls (2 list calls of 90 a minute).
`,
    );
  });

  it("shows what is in line when asked to", () => {
    const plan = planOf([resource("QueueItems", "march", "queue DocQueue", [inLine("INV-1"), create("INV-2")])]);
    expect(planView(plan, { ...plain, verbose: true })).toContain(`QueueItems/march  →  queue DocQueue
  + INV-2           Normal
  = INV-1           in line
`);
  });

  it("shows what is in line without being asked where a warning is on it", () => {
    const warned: Change = { ...inLine("INV-1"), warnings: ["2 live items have the reference INV-1: ids 4, 9"] };
    const plan = planOf([
      resource("QueueItems", "march", "queue DocQueue", [warned, inLine("INV-2"), create("INV-3")]),
    ]);
    const text = planView(plan, plain);
    expect(text).toContain(`  = INV-1           in line
      warning: 2 live items have the reference INV-1: ids 4, 9
`);
    expect(text).toContain("  = 1 in line (--verbose shows them)\n");
  });

  it("shares twenty entries of a resource among its symbols, so that many of one never hide the few of another", () => {
    const many = (action: "create" | "wait", count: number): Change[] =>
      Array.from({ length: count }, (_, index) => ({ ...create(`${action}-${index}`), action }) as Change);
    const plan = planOf([resource("QueueItems", "march", "queue Q", [...many("create", 1200), ...many("wait", 3)])]);
    const lines = planView(plan, plain).split("\n");
    expect(lines.filter((line) => line.startsWith("  + "))).toHaveLength(17);
    expect(lines.filter((line) => line.startsWith("  … wait-"))).toHaveLength(3);
    expect(lines).toContain("  … 1,183 more to create (--verbose shows them)");
  });

  it("cuts a resource at twenty entries and says how many there are", () => {
    const references = Array.from({ length: 1200 }, (_, index) => create(`INV-${String(index + 1).padStart(4, "0")}`));
    const plan = planOf([resource("QueueItems", "march", "queue DocQueue", references)]);
    const lines = planView(plan, plain).split("\n");
    expect(lines.slice(21, 24)).toEqual([
      "  + INV-0019        Normal",
      "  + INV-0020        Normal",
      "  … 1,180 more to create (--verbose shows them)",
    ]);
    expect(lines).toContain("Plan: 1,200 to create.");
    expect(planView(plan, { ...plain, verbose: true })).toContain("INV-1200");
  });

  it("puts deletions first, within a resource and among resources", () => {
    const gone: Change = {
      key: keyOf("QueueItems", "april", "INV-9"),
      label: "INV-9 (77)",
      action: "delete",
      summary: "no manifest names it",
      reason: { code: "not-named", text: "no manifest names it" },
      before: {},
      precondition: { type: "version", id: 77, rowVersion: "A" },
    };
    const april = resource("QueueItems", "april", "queue DocQueue", [create("INV-8"), gone]);
    const text = planView(planOf([job, april]), plain);
    expect(text.split("\n").slice(2, 6)).toEqual([
      "QueueItems/april  →  queue DocQueue",
      "  - INV-9 (77)      no manifest names it",
      "  + INV-8           Normal",
      "",
    ]);
    expect(text).toContain("Plan: 1 to delete, 1 to start again, 1 to create.\n");
  });

  it("names a blocked resource with its place and what to do", () => {
    const blocked: Change = {
      key: keyOf("QueueItems", "march"),
      label: "",
      action: "blocked",
      summary: "",
      reason: { code: "queue-unknown", text: "queue DocQue does not exist in folder Finance" },
      hint: "did you mean DocQueue?",
      source: { file: "manifests/march.yaml", line: 1, column: 1 },
    };
    const plan = planOf([resource("QueueItems", "march", "queue DocQue", [blocked])]);
    expect(planView(plan, plain)).toContain(`
! QueueItems/march  blocked: queue DocQue does not exist in folder Finance   manifests/march.yaml:1
    did you mean DocQueue?

Plan: 1 blocked.
Read with 4 calls (2 list calls of 90 a minute).
1 blocked: nothing can be applied. Fix what is blocked, or take it out of the manifests.
`);
  });

  it("says how to lift a guard, and which are lifted", () => {
    const guards = [
      { guard: "maxStops", count: 1, limit: 0, message: "1 to stop, maxStops allows 0", forced: false },
      { guard: "maxDeletes", count: 2, limit: 0, message: "2 to delete, maxDeletes allows 0", forced: true },
    ] as const;
    expect(planView(planOf([stoppedJobs], { guards }), plain)).toContain(`
! 1 to stop, maxStops allows 0
  If that is what you want: --force maxStops
  2 to delete, maxDeletes allows 0: lifted by --force maxDeletes

Plan: 1 to stop.
Read with 4 calls (2 list calls of 90 a minute). Applying takes at least 6 calls.
1 guard exceeded: nothing can be applied.
`);
  });

  it("names the folder with each resource where there are several", () => {
    const other = resource("QueueItems", "april", "queue DocQueue", [create("INV-8")], {
      key: { kind: "QueueItems", folder: "Sales", name: "april" },
      folder: { id: 4, key: "f1", path: "Sales", type: "modern" },
    });
    const text = planView(planOf([job, other]), plain);
    expect(text).toContain(">> Job/smoke-test@Finance/Invoices");
    expect(text).toContain("\nQueueItems/april@Sales  →  queue DocQueue\n");
    expect(text.split("\n")[0]).toBe("Target prod  https://cloud.uipath.com/acme/prod/orchestrator_  (API 20)");
  });

  it("speaks of the quota only where there is one, and of the time that applying takes under it", () => {
    const price = { read: { calls: 481, listCalls: 480 }, apply: { calls: 481, listCalls: 480 } };
    const text = (listCallsPerMinute?: number): string =>
      planView(
        planOf([stoppedJobs], {
          price: { ...price, ...(listCallsPerMinute === undefined ? {} : { listCallsPerMinute }) },
        }),
        { ...plain, width: 200 },
      );
    expect(text(90)).toContain(
      "Read with 481 calls (480 list calls of 90 a minute). Applying takes at least 481 calls (480 list calls of 90 a minute), about 5 min under the quota.\n",
    );
    expect(text(480)).toContain("Applying takes at least 481 calls (480 list calls of 480 a minute).\n");
    expect(text()).toContain(
      "Read with 481 calls (480 list calls). Applying takes at least 481 calls (480 list calls).\n",
    );
  });

  it("says that applying only waits where there is nothing else to do", () => {
    const key = keyOf("Job", "nightly");
    const before = { runKey: "nightly@once", jobIds: [7], states: ["Running"] };
    const waits = {
      key,
      label: "",
      action: "wait",
      summary: "wait for job 7",
      before,
      precondition: { type: "absent" },
    } as const;
    const apply = { calls: 0, listCalls: 0 };
    const plan = planOf([resource("Job", "nightly", "process Nightly", [waits])]);
    expect(planView({ ...plan, price: { ...plan.price, apply } }, { ...plain, width: 100 })).toContain(
      "Plan: 1 to wait for.\nRead with 4 calls (2 list calls of 90 a minute). Applying only waits, with a call for each look at a\n  run.\n",
    );
  });

  it("breaks its last lines between figures, never within one", () => {
    const text = planView(planOf([job, queueItems, review]), { ...plain, width: 40 });
    expect(text.slice(text.indexOf("Plan: "), text.indexOf("1 blocked: "))).toBe(
      `Plan: 1 to start again, 1 to create,
  1 to update, 2 to assign, 1 blocked.
Read with 4 calls (2 list calls of 90 a
  minute). Applying takes at least
  6 calls.
`,
    );
  });

  it("stays within 80 columns", () => {
    const text = planView(planOf([queueItems, job, stoppedJobs, review]), { ...plain, width: 80 });
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).toContain("(API 20)\n  folder Finance/Invoices\n");
  });

  it("says with colours nothing that it does not say without", () => {
    const plan = planOf([queueItems, job, stoppedJobs, review]);
    const colored = planView(plan, { ...plain, color: true });
    expect(colored).toContain("\u001b[32m");
    expect(stripVTControlCharacters(colored)).toBe(planView(plan, plain));
  });
});

describe("fields", () => {
  it("shows values as they are, with quotes where they could be taken for another type", () => {
    expect(
      fieldLines([
        { path: "dueDate", before: null, after: "2026-12-05T17:00:00Z" },
        { path: "deferDate", before: "2026-12-01T08:00:30Z", after: null },
        { path: "inputArguments.age", before: 33, after: "33" },
        { path: "inputArguments.name", before: "", after: "Ana" },
        { path: "inputArguments.flag", after: null },
      ]),
    ).toEqual([
      "      dueDate  none → 2026-12-05 17:00Z",
      "      deferDate  2026-12-01 08:00:30Z → none",
      '      inputArguments.age  33 → "33"',
      '      inputArguments.name  "" → Ana',
      "      inputArguments.flag  none → null",
    ]);
  });

  it("shows content that came or went with one side only", () => {
    expect(
      fieldLines([
        { path: "content.New", after: true },
        { path: "content.Old", before: "x" },
      ]),
    ).toEqual(["      content", "      @@ New @@", "      +  true", "      @@ Old @@", "      -  x"]);
  });

  it("shows texts of several lines as a unified diff", () => {
    const lines = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    const before = lines.join("\n");
    const after = lines.with(1, "TWO").with(8, "NINE").join("\n");
    expect(fieldLines([{ path: "content.Text", before, after }]).slice(2)).toEqual([
      "         one",
      "      -  two",
      "      +  TWO",
      "         three",
      "         four",
      "      …",
      "         seven",
      "         eight",
      "      -  nine",
      "      +  NINE",
    ]);
  });

  it("gives up on texts that are too long or too different, and says so", () => {
    const many = (letter: string, count: number): string =>
      Array.from({ length: count }, (_, index) => `${letter}${index}`).join("\n");
    expect(fieldLines([{ path: "content.Text", before: many("a", 1500), after: many("b", 1500) }])[2]).toBe(
      "      …  1,500 lines → 1,500 lines, too many to compare",
    );
    expect(fieldLines([{ path: "content.Text", before: many("a", 900), after: many("b", 900) }])[2]).toBe(
      "      …  900 lines → 900 lines, too many to compare",
    );
  });

  it("begins long texts shortly before they differ", () => {
    const start = "x".repeat(500);
    expect(fieldLines([{ path: "content.Text", before: `${start}old`, after: `${start}new` }]).slice(2)).toEqual([
      `      -  …${"x".repeat(16)}old`,
      `      +  …${"x".repeat(16)}new`,
    ]);
  });

  it("cuts a very long diff, and shows it all when asked to", () => {
    const fields = Array.from({ length: 30 }, (_, index) => ({ path: `content.K${index}`, before: 1, after: 2 }));
    expect(fieldLines(fields).at(-1)).toBe("      … 51 more lines (--verbose shows them)");
    expect(fieldLines(fields, { ...plain, verbose: true })).toHaveLength(91);
  });

  it("hides what the change lists as sensitive, also where the field does not say so", () => {
    const change: Change = {
      ...update([{ path: "inputArguments", before: { pin: 1111 }, after: { pin: 2222 } }]),
      sensitive: ["inputArguments.pin"],
    };
    const text = planView(planOf([resource("QueueItems", "march", "queue DocQueue", [change])]), plain);
    expect(text).toContain("      inputArguments  (sensitive) → (sensitive)\n");
    expect(text).not.toMatch(/1111|2222/);
  });
});
