import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { FieldChange } from "../../../src/core/change.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { ResourceReport } from "../../../src/core/report.ts";
import type { Lane } from "../../../src/core/timeline.ts";
import { planHtml } from "../../../src/views/html/plan.ts";
import { reportHtml } from "../../../src/views/html/report.ts";
import { createOf, reportOf, timelineOf } from "./reports.ts";
import { expectInertHtml } from "../../support/markup.ts";
import { job, keyOf, planOf, queueItems, resource, review, stoppedJobs } from "./sample.ts";

const guard = {
  guard: "maxStops",
  count: 1,
  limit: 0,
  message: "1 to stop, maxStops allows 0",
  forced: false,
} as const;

describe("a plan as HTML", () => {
  it("shows the plan in one page", async () => {
    const plan = planOf([queueItems, job, review, stoppedJobs], { guards: [guard] });
    const text = planHtml(plan, { verbose: false });
    await expect(text).toMatchFileSnapshot("../../fixtures/views/plan.html.txt");
    expectInertHtml(text);
  });

  it("allows its own style by hash, and nothing else", () => {
    const text = planHtml(planOf([]), { verbose: false });
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(text) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(text).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
  });

  it("holds every entry, however many there are, and what is in line when asked to", () => {
    const changes = Array.from({ length: 500 }, (_, index) => createOf("march", `INV-${index}`));
    const plan = planOf([resource("QueueItems", "march", "queue Q", changes), queueItems]);
    const text = planHtml(plan, { verbose: false });
    expect(text.split('class="entry"')).toHaveLength(1 + 500 + 3 + 1); // the blocked one twice
    expect(text).not.toContain("INV-001<");
    expect(planHtml(plan, { verbose: true })).toContain("INV-001<");
  });
});

describe("differences in a plan as HTML", () => {
  const update = (fields: readonly FieldChange[]): Plan => {
    const about = { key: keyOf("QueueItems", "march", "R"), label: "R", summary: "", before: {}, after: {} };
    const precondition = { type: "version", id: 1, rowVersion: "A" } as const;
    return planOf([resource("QueueItems", "march", "queue Q", [{ ...about, action: "update", fields, precondition }])]);
  };
  const cells = (plan: Plan): string[] =>
    [...planHtml(plan, { verbose: false }).matchAll(/<td class="[^"]*"(?: colspan="2")?>(.*?)<\/td>/g)].map(
      ([, cell = ""]) => cell,
    );

  it("stand side by side, lines beside those that they replace, with their words marked", () => {
    const before = "one\nthe <b>forty</b> pallets\nthree";
    const plan = update([
      { path: "content.Text", before, after: "one\nthe <b>fifty</b> pallets\nthree\nfour" },
      { path: "priority", before: "Low", after: "High" },
      { path: "content.Token", before: "s3cret", after: "s4cret", sensitive: true },
    ]);
    const escaped = (word: string, mark: string): string =>
      `the &#60;b&#62;<${mark}>${word}</${mark}>&#60;/b&#62; pallets`;
    const rows = [
      ["Low", "High"],
      ["one", "one", escaped("forty", "del"), escaped("fifty", "ins"), "three", "three", "", "four"],
      ["(sensitive)", "(sensitive)"],
    ];
    expect(cells(plan)).toEqual(rows.flat());
  });

  it("are not marked where nothing is common, and are cut where they are many, with their number", () => {
    expect(cells(update([{ path: "content.A", before: "abc", after: "xyz" }]))).toEqual(["abc", "xyz"]);
    const fields = Array.from({ length: 30 }, (_, index) => ({ path: `content.F${index}`, before: 1, after: 2 }));
    expect(cells(update(fields)).at(-1)).toBe("… 20 more lines (--verbose shows them)");
  });

  it("have a thousand tables at most on a page", () => {
    const [changes = []] = update([{ path: "priority", before: "Low", after: "High" }]).resources.map((each) =>
      Array.from(each.changes),
    );
    const many = Array.from({ length: 1100 }, () => changes).flat();
    const text = planHtml(planOf([resource("QueueItems", "march", "queue Q", many)]), { verbose: false });
    expect(text.split('<table class="diff">')).toHaveLength(1001);
    expect(text.split("what differs: -o json has it")).toHaveLength(101);
  });

  it("are two hundred at most where a plan is refused: the others are counted, and stand with their resources", () => {
    const reason = { code: "drift-refused", text: "it cannot be changed" } as const;
    const blocked = Array.from({ length: 500 }, (_, index) => ({
      key: keyOf("QueueItems", "march", `B-${index}`),
      label: `B-${index}`,
      action: "blocked" as const,
      summary: "",
      reason,
    }));
    const plan = planOf([resource("QueueItems", "march", "queue Q", blocked), queueItems]);
    const text = planHtml(plan, { verbose: false });
    const [, refused = ""] = /<section class="box refused">(.*?)<\/section>/s.exec(text) ?? [];
    expect(refused.split('class="entry"')).toHaveLength(1 + 200);
    expect(refused).toContain("… 301 more blocked: -o json has them all");
    expect(text.split("B-499<")).toHaveLength(2);
  });

  it("are of ten thousand entries at most on a page: small resources whole, of others as many as fit", () => {
    const large = Array.from({ length: 20_000 }, (_, index) => createOf("large", `L-${index}`));
    const text = planHtml(
      planOf([
        resource("QueueItems", "large", "queue Q", large),
        resource("QueueItems", "small", "queue Q", [createOf("small", "S-1")]),
      ]),
      { verbose: false },
    );
    expect(text.split('class="entry"')).toHaveLength(10_001);
    expect(text).toContain("S-1");
    expect(text).toContain("… 10,001 more to create: -o json has them all");
  });
});

describe("a report as HTML", () => {
  it("shows what needs somebody, the timeline, and every resource in one page", async () => {
    const text = reportHtml({ ...reportOf(), timeline: timelineOf() });
    await expect(text).toMatchFileSnapshot("../../fixtures/views/report.html.txt");
    expectInertHtml(text);
  });

  it("has columns that add up to the last row, the calls of no resource and resources without a row of their own included", () => {
    const [each] = reportOf().resources;
    const resources = Array.from({ length: 250 }, (_, index) => ({
      ...(each as ResourceReport),
      key: keyOf("QueueItems", `set-${index}`),
    }));
    const applied = (each?.counts.applied ?? 0) * 250;
    const counts = { applied, "already-done": 250, failed: 250, skipped: 0, unknown: 0 };
    const text = reportHtml({ ...reportOf(), resources, counts, calls: 517, outcomes: [] });
    const [, table = ""] = /<tbody>(.*)<\/tfoot>/s.exec(text) ?? [];
    expect(table).toContain("… 50 more resources");
    expect(table).toContain("for the run as a whole");
    for (const column of ["applied", "already done", "failed", "changes", "calls"]) {
      const cells = [...table.matchAll(new RegExp(`<td class="${column}(?: zero)?">([\\d,]+)<`, "g"))].map(
        ([, number = ""]) => Number(number.replaceAll(",", "")),
      );
      expect(cells.slice(0, -1).reduce((sum, cell) => sum + cell, 0)).toBe(cells.at(-1));
    }
  });

  it("is small however much was done, and counts what it leaves out", () => {
    const text = reportHtml(reportOf({ only: ["failed"], times: 20_000 }));
    expect(text).toContain("… 19,000 more: --report FILE.json has them all");
    expect(text.length).toBeLessThan(500_000);
    const lanes = Array.from({ length: 2000 }, (_, index) => ({
      ...(timelineOf().lanes[0] as Lane),
      key: keyOf("QueueItems", `set-${index}`),
    }));
    const drawn = reportHtml({ ...reportOf(), timeline: { ...timelineOf(), lanes } });
    expect(drawn).toContain("… 1,960 more resources, in one row");
    expect(drawn.length).toBeLessThan(500_000);
  });

  it("draws nothing outside of its width, whatever times a file holds", () => {
    const { lanes, ...timeline } = timelineOf();
    const far = { beganMs: 1e300, endedMs: 5, open: [{ fromMs: 1e9, toMs: 0, times: 1 }] };
    const text = reportHtml({
      ...reportOf(),
      timeline: { ...timeline, lanes: lanes.map(({ key, ends }) => Object.assign({ key, ends, steps: [] }, far)) },
    });
    expectInertHtml(text);
    const percents = [...text.matchAll(/"(-?[\d.e+]+|NaN|Infinity)%"/g)].map(([, number]) => Number(number));
    expect(percents.filter((number) => !(number >= 0 && number <= 100))).toEqual([]);
  });
});
