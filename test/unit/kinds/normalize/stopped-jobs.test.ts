import { expect, it } from "vitest";
import { isOpenEnded, normalizeStoppedJobs } from "../../../../src/kinds/stopped-jobs/normalize.ts";
import { at } from "./at.ts";

it("fills in defaults", () => {
  expect(normalizeStoppedJobs({ select: { process: "A" } }, at)).toEqual({
    spec: { select: { process: "A", states: ["Pending", "Running", "Resumed"] }, strategy: "SoftStop" },
    diagnostics: [],
  });
});

it("takes over what is set", () => {
  const select = {
    ids: [1],
    reference: "R",
    states: ["Pending" as const],
    createdBefore: "2026-01-01T01:00+01:00",
    runningFor: "2h",
  };
  expect(normalizeStoppedJobs({ select, strategy: "Kill" }, at).spec).toEqual({
    select: { ...select, createdBefore: "2026-01-01T00:00:00Z", runningFor: 7_200_000 },
    strategy: "Kill",
  });
});

it.each([
  [{ process: "A" }, true],
  [{ process: "A", states: ["Pending" as const] }, true],
  [{ process: "A", ids: [1] }, false],
  [{ process: "A", reference: "R" }, false],
  [{ process: "A", createdBefore: "2026-01-01T00:00:00Z" }, false],
  [{ process: "A", runningFor: "1h" }, false],
  [{ ids: [1] }, false],
])("knows whether %j ever ends", (select, open) => {
  expect(isOpenEnded(normalizeStoppedJobs({ select }, at).spec)).toBe(open);
});

it.each([
  [
    { select: { process: "A", runningFor: "36501d" } },
    "SJ001",
    "select.runningFor is 36501d, at most 36500d are allowed",
  ],
  [{ select: { process: "A" }, escalateAfter: "25d" }, "SJ002", "escalateAfter is 25d, at most 24d are allowed"],
  [
    { select: { process: "A" }, strategy: "Kill" as const, escalateAfter: "1m" },
    "SJ002",
    "strategy Kill leaves nothing to escalate to",
  ],
])("refuses %j", (raw, code, message) => {
  const { diagnostics } = normalizeStoppedJobs(raw, at);
  expect(diagnostics.map((found) => [found.code, found.message])).toEqual([[code, message]]);
});

it("escalates when that is asked for, and can be", () => {
  const { spec, diagnostics } = normalizeStoppedJobs({ select: { ids: [1] }, escalateAfter: "90s" }, at);
  expect([spec.escalateAfter, diagnostics]).toEqual([90_000, []]);
});
