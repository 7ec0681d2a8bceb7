import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { planHtml } from "../../../src/views/index.ts";
import { createOf } from "./reports.ts";
import { expectInertHtml } from "../../support/markup.ts";
import { job, planOf, queueItems, resource, review, stoppedJobs } from "./sample.ts";

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
