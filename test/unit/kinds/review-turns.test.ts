import { describe, expect, it } from "vitest";
import type { LiveReviewItem } from "../../../src/kinds/review/live.ts";
import type { ReviewSpec } from "../../../src/kinds/review/spec.ts";
import { turnsOf, type Rival } from "../../../src/kinds/review/turns.ts";

const [ana, ion, eva] = [7, 8, 9];

type Fields = Partial<Omit<ReviewSpec, "select" | "reviewers">> & { readonly select?: Partial<ReviewSpec["select"]> };

function rival(reviewers: readonly number[], { select, ...fields }: Fields = {}): Rival {
  const spec: ReviewSpec = {
    queue: "DocQueue",
    reviewers: reviewers.map(String),
    unassign: false,
    override: true,
    ...fields,
    select: { status: ["Failed"], reviewStatus: ["None", "InReview", "Verified"], ...select },
  };
  const id = Number(select?.reviewer);
  return { spec, reviewers, ...(id > 0 ? { selectedReviewer: { id, userName: "somebody" } } : {}) };
}

function item(fields: Partial<LiveReviewItem> = {}): LiveReviewItem {
  return {
    id: 1,
    reference: "INV-1",
    status: "Failed",
    reviewStatus: "None",
    reviewerUserId: ana,
    rowVersion: "v1",
    ...fields,
  };
}

describe("reviews that would take turns", () => {
  it("are told with each turn, beginning with the one that has something to do", () => {
    expect(turnsOf(item(), [rival([ana]), rival([ion])])).toEqual([
      { by: 1, reviewer: ion },
      { by: 0, reviewer: ana },
    ]);
    const [open, done] = [rival([], { reviewStatus: "InReview" }), rival([], { reviewStatus: "Verified" })];
    expect(turnsOf(item({ reviewStatus: "InReview" }), [open, done])).toEqual([
      { by: 1, reviewStatus: "Verified" },
      { by: 0, reviewStatus: "InReview" },
    ]);
  });

  it.each<[string, readonly Rival[]]>([
    ["one clears what the other sets", [rival([ana], { override: false }), rival([], { unassign: true })]],
    ["each selects what the other has made of it", [
      rival([ion], { select: { reviewer: String(ana) } }),
      rival([ana], { select: { reviewer: String(ion) } }),
    ]],
    ["three pass it round", [
      rival([ion], { select: { reviewer: String(ana) } }),
      rival([eva], { select: { reviewer: String(ion) } }),
      rival([ana], { select: { reviewer: String(eva) } }),
    ]],
    ["a rota may hand it back", [rival([ana, eva]), rival([ion, eva])]],
  ])("are found where %s", (_what, rivals) => {
    expect(turnsOf(item(), rivals)).toHaveLength(rivals.length);
  }); // prettier-ignore

  it.each<[string, readonly Rival[], Partial<LiveReviewItem>?]>([
    ["one that leaves override off lets it go", [rival([ana], { override: false }), rival([ion])]],
    ["both leave override off", [rival([ana], { override: false }), rival([ion], { override: false })]],
    ["they want the same person", [rival([ana]), rival([ana, ion])], { reviewerUserId: eva }],
    ["the other does not select it", [rival([ana]), rival([ion], { select: { references: ["INV-2"] } })]],
    ["the other selects items that nobody has", [rival([ana], { select: { reviewer: "none" } }), rival([ion])]],
    ["each does its own part", [rival([ana]), rival([], { reviewStatus: "InReview" })]],
    ["one goes on where the other ended", [
      rival([], { select: { reviewStatus: ["None"] }, reviewStatus: "InReview" }),
      rival([], { select: { reviewStatus: ["InReview"] }, reviewStatus: "Verified" }),
    ]],
    ["both change it at once: that is refused anyway", [rival([ana]), rival([ion])], { reviewerUserId: eva }],
  ])("are not seen where %s", (_what, rivals, fields) => {
    expect(turnsOf(item(fields), rivals)).toEqual([]);
  }); // prettier-ignore
});
