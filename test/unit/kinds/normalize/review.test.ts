import { expect, it } from "vitest";
import { normalizeReview } from "../../../../src/kinds/review/normalize.ts";
import { at } from "./at.ts";

it("fills in defaults", () => {
  expect(normalizeReview({ queue: "Q", reviewStatus: "InReview" }, at)).toEqual({
    spec: {
      queue: "Q",
      select: { status: ["Failed", "Abandoned"], reviewStatus: ["None", "InReview", "Verified"] },
      reviewers: [],
      unassign: false,
      override: false,
      reviewStatus: "InReview",
    },
    diagnostics: [],
  });
});

it("takes over what is set; empty lists are as if left out", () => {
  const select = {
    status: ["Failed" as const],
    reviewStatus: ["None" as const],
    exceptionType: "BusinessException" as const,
    exceptionText: "timeout",
    referencePrefix: "INV-",
    robot: "DocBot",
    reviewer: "none",
  };
  const raw = { ...select, references: [], ids: [], failedAfter: "2026-11-01T01:00:00+01:00" };
  const { spec } = normalizeReview({ queue: "Q", select: raw, reviewers: ["ana"], override: true }, at);
  expect(spec).toEqual({
    queue: "Q",
    select: { ...select, failedAfter: "2026-11-01T00:00:00Z" },
    reviewers: ["ana"],
    unassign: false,
    override: true,
  });
  expect(normalizeReview({ queue: "Q", select: { references: ["a"], ids: [1] } }, at).spec.select).toMatchObject({
    references: ["a"],
    ids: [1],
  });
});

it.each([
  [{ reviewers: ["ana"] }, []],
  [{ unassign: true }, []],
  [{ reviewStatus: "None" as const }, []],
  [{ unassign: true, reviewStatus: "None" as const }, []],
  [{}, ["RV001"]],
  [{ unassign: false }, ["RV001"]],
  [{ unassign: true, reviewers: ["ana"] }, ["RV002"]],
])("judges %j", (set, codes) => {
  expect(normalizeReview({ queue: "Q", ...set }, at).diagnostics.map(({ code }) => code)).toEqual(codes);
});
