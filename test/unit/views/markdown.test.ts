import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { byteLimit } from "../../../src/views/markdown/limit.ts";
import { planMarkdown } from "../../../src/views/markdown/plan.ts";
import { reportMarkdown } from "../../../src/views/markdown/report.ts";
import { canary, expectInertMarkdown } from "../../support/markup.ts";
import { createOf, reportOf, withNote } from "./reports.ts";
import { job, planOf, queueItems, resource, review, stoppedJobs } from "./sample.ts";

const fixture = (name: string): string => `../../fixtures/views/${name}.txt`;
const options = { verbose: false };
const guard = {
  guard: "maxStops",
  count: 1,
  limit: 0,
  message: "1 to stop, maxStops allows 0",
  forced: false,
} as const;
const warning = {
  code: "MF006",
  severity: "warning",
  message: "a line holds a secret",
  hint: "take it out",
  source: { file: "manifests/march.yaml", line: 3, column: 5, text: "secret: hunter2" },
} as const;

/** A resource with so many entries to create. */
const many = (count: number, name = "march"): ReturnType<typeof resource> =>
  resource(
    "QueueItems",
    name,
    "queue DocQueue",
    Array.from({ length: count }, (_, index) => createOf(name, `INV-${index}`)),
  );

describe("a plan as Markdown", () => {
  it("says what is refused first, then what deletes, stops and starts, then the rest, and the price", async () => {
    const plan = planOf([queueItems, job, review, stoppedJobs], { guards: [guard], diagnostics: [warning] });
    await expect(planMarkdown(plan, options)).toMatchFileSnapshot(fixture("plan.md"));
  });

  it("shows no line of a manifest, which may hold what is sensitive", () => {
    expect(planMarkdown(planOf([job], { diagnostics: [warning] }), options)).not.toContain("hunter2");
  });

  it("says so when there is nothing to do", () => {
    expect(planMarkdown(planOf([]), options).split("\n")[4]).toBe("**Nothing to do.**");
  });

  it("fits a comment, counts what it leaves out, and says where it is", () => {
    const text = planMarkdown(planOf([many(20_000), many(3, "april"), job]), { ...options, artifact: "`plan.html`" });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.length).toBeGreaterThan(60_000);
    const shown = text.split("\n").filter((line) => line.startsWith("+ INV-")).length - 3;
    const left = (20_000 - shown).toLocaleString("en-US");
    expect(text).toContain(
      `\n\n… ${left} more entries (${left} to create): see the full plan, \`plan.html\`\n\n</details>`,
    );
    expect(text).toContain("**Plan: 1 to start again, 20,003 to create.**");
    expectInertMarkdown(text);
  });

  it("leaves out resources only where their summaries do not fit, and counts them", () => {
    const resources = Array.from({ length: 2000 }, (_, index) => many(2, `set-${index}`));
    const text = planMarkdown(planOf(resources), options);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/\n… [\d,]+ more resources: see the full plan, `orch-sync plan --report plan\.html`\n/);
    expectInertMarkdown(text);
  });

  it("cuts a thousand blocked lines too, and keeps room for the plan", () => {
    const blocked = Array.from({ length: 3000 }, (_, index): Change => {
      const { key, label } = createOf("march", `INV-${index}`);
      return { key, label, summary: "", action: "blocked", reason: { code: "drift-refused", text: "x".repeat(300) } };
    });
    const text = planMarkdown(planOf([resource("QueueItems", "march", "queue Q", blocked), many(5, "april")]), options);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/\n… 2,\d{3} more blocked: see/);
    expect(text).toContain("+ INV-4");
  });

  it("counts bytes where a file is limited by them", () => {
    const changes = Array.from({ length: 5000 }, (_, index) => createOf("march", `請求書-${index}`));
    const plan = planOf([resource("QueueItems", "march", "queue 請求書", changes)]);
    const text = planMarkdown(plan, { ...options, limit: byteLimit(10_000) });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(10_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(9000);
  });

  it("keeps backticks within their fence", () => {
    const evil = resource("QueueItems", "march", "queue `` ` ``", [createOf("march", `\`\`\`\` ${canary} \`\`\``)]);
    const text = planMarkdown(planOf([evil]), options);
    expect(text).toContain("`````diff\n+ ````");
    expectInertMarkdown(text);
  });
});

describe("a report as Markdown", () => {
  it("names what came to match after the plan, with its resource", () => {
    const text = reportMarkdown(withNote(reportOf(), "job 7 came to match after the plan and was not touched"));
    expect(text).toContain("  note: job 7 came to match after the plan and was not touched\n");
    expectInertMarkdown(reportMarkdown(withNote(reportOf(), canary)));
  });

  it("says what failed or is unknown first, then every resource", async () => {
    await expect(reportMarkdown(reportOf())).toMatchFileSnapshot(fixture("report.md"));
  });

  it("says so when everything is done", () => {
    expect(reportMarkdown(reportOf({ only: ["applied", "already-done"] })).split("\n")[2]).toBe(
      "**Everything is done.**",
    );
  });

  it("fits a comment", () => {
    const text = reportMarkdown(reportOf({ times: 5000 }), { artifact: "`report.json`" });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/… [\d,]+ more failed or unknown: see the full report, `report\.json`/);
    expectInertMarkdown(text);
  });
});
