import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { review } from "../../../src/kinds/review/definition.ts";
import type { LiveReviewItem, ReviewLive } from "../../../src/kinds/review/live.ts";
import type { ReviewSpec } from "../../../src/kinds/review/spec.ts";
import { context, desired, uniqueQueue } from "../../support/desired.ts";

const ana = { id: 7, userName: "ana" };
const ion = { id: 8, userName: "ion" };
const names = new Map([
  [7, "ana"],
  [8, "ion"],
]);

type Select = ReviewSpec["select"];

function spec(fields: Partial<Omit<ReviewSpec, "select">> & { select?: Partial<Select> } = {}): ReviewSpec {
  const select: Select = {
    status: ["Failed", "Abandoned"],
    reviewStatus: ["None", "InReview", "Verified"],
    ...fields.select,
  };
  return { queue: "DocQueue", reviewers: [], unassign: false, override: false, ...fields, select };
}

function item(id: number, fields: Partial<LiveReviewItem> = {}): LiveReviewItem {
  return {
    id,
    reference: `INV-${id}`,
    status: "Failed",
    reviewStatus: "None",
    reviewerUserId: null,
    rowVersion: `v${id}`,
    ...fields,
  };
}

function plan(wanted: ReviewSpec, items: readonly LiveReviewItem[], live: Partial<ReviewLive> = {}): readonly Change[] {
  const reviewers = wanted.reviewers.map((name) => (name === "ana" ? ana : ion));
  const state: ReviewLive = { queue: uniqueQueue, reviewers, names, items, ...live };
  return [...review.plan(desired("Review", "failed", wanted), state, context).changes];
}

const summaries = (changes: readonly Change[]): string[] =>
  changes.map((change) => `${change.action} ${change.label}: ${change.summary}`);

describe("reviews", () => {
  it("set reviewer and review status as two independent fields", () => {
    const changes = plan(spec({ reviewers: ["ana"], reviewStatus: "InReview" }), [
      item(1),
      item(2, { reviewerUserId: 7 }),
    ]);
    expect(summaries(changes)).toEqual([
      "assign INV-1 (1): none → ana, None → InReview",
      "assign INV-2 (2): None → InReview",
    ]);
    expect(changes[1]).toMatchObject({ after: { reviewStatus: "InReview" }, fields: [{ path: "reviewStatus" }] });
    expect(changes[1]).not.toHaveProperty("after.reviewer");
  });

  it("keep an item with its reviewer and give the others to whoever has fewest, by Id", () => {
    const items = [item(4), item(3), item(2, { reviewerUserId: 7 }), item(1), item(5)];
    expect(summaries(plan(spec({ reviewers: ["ana", "ion"] }), items))).toEqual([
      "assign INV-1 (1): none → ion",
      "no-op INV-2 (2): in line",
      "assign INV-3 (3): none → ana",
      "assign INV-4 (4): none → ion",
      "assign INV-5 (5): none → ana",
    ]);
  });

  it("leave an item with somebody else alone, unless override is on", () => {
    const items = [item(1, { reviewerUserId: 99 })];
    expect(summaries(plan(spec({ reviewers: ["ana"] }), items))).toEqual([
      "no-op INV-1 (1): stays with user 99 (override is off)",
    ]);
    expect(summaries(plan(spec({ reviewers: ["ana"], override: true }), items))).toEqual([
      "assign INV-1 (1): user 99 → ana",
    ]);
  });

  it("clear the reviewer on unassign", () => {
    const changes = plan(spec({ unassign: true }), [item(1, { reviewerUserId: 7 }), item(2)]);
    expect(summaries(changes)).toEqual(["assign INV-1 (1): ana → none", "no-op INV-2 (2): in line"]);
    expect(changes[0]).toMatchObject({ after: { reviewer: null } });
  });

  it("post a comment where its text does not hang yet, whoever wrote it", () => {
    const comment = "Assigned by the March close.";
    const comments = new Map([
      [1, [{ id: 11, text: "something else" }]],
      [2, [{ id: 12, text: `${comment}\n` }]],
    ]);
    const changes = plan(spec({ comment }), [item(1), item(2), item(3)], { comments });
    expect(summaries(changes)).toEqual([
      `assign INV-1 (1): comment "${comment}"`,
      "no-op INV-2 (2): in line",
      `assign INV-3 (3): comment "${comment}"`,
    ]);
    expect(changes[0]).toMatchObject({ after: { comment }, fields: [{ path: "comment", after: comment }] });
  });

  it("warn of a comment that hangs there twice, with the ids, whatever else there is to do", () => {
    const comments = new Map(
      [1, 2].map((id) => [
        id,
        [
          { id: 10 * id, text: "Look" },
          { id: 3, text: "Look " },
        ],
      ]),
    );
    const wanted = spec({ comment: "Look", reviewStatus: "InReview" });
    const changes = plan(wanted, [item(1), item(2, { reviewStatus: "InReview" })], { comments });
    expect(changes.map(({ action, warnings }) => [action, warnings])).toEqual([
      ["assign", ["the comment hangs there 2 times: comments 3, 10"]],
      ["no-op", ["the comment hangs there 2 times: comments 3, 20"]],
    ]);
  });

  it("show as much of a comment as a line has room for", () => {
    const comment = `Look here:\n${"x".repeat(400)}`;
    expect(summaries(plan(spec({ comment }), [item(1)], { comments: new Map() }))).toEqual([
      'assign INV-1 (1): comment "Look here:…"',
    ]);
  });

  it("say what a selection costs that the server was not asked to narrow", () => {
    const wanted = spec({ select: { robot: "DocBot" }, reviewStatus: "Verified" });
    const read = { rows: 1200, calls: 12, matchedHere: ["robot"] };
    const items = [item(1, { robotName: "DocBot" }), item(2)];
    const state: ReviewLive = { queue: uniqueQueue, reviewers: [], names, items, read };
    expect(review.plan(desired("Review", "failed", wanted), state, context).notes).toEqual([
      "1 of 1,200 failed items read in 12 calls: robot is matched here, not by the server",
    ]);
  });

  it.each<[string, Partial<Select>, Partial<LiveReviewItem>, boolean]>([
    ["status", { status: ["Abandoned"] }, {}, false],
    ["review status", { reviewStatus: ["InReview"] }, {}, false],
    ["an item retried already, never", {}, { reviewStatus: "Retried" }, false],
    ["a New item, never", {}, { status: "New" }, false],
    ["exception type", { exceptionType: "BusinessException" }, { exceptionType: "BusinessException" }, true],
    [
      "another exception type",
      { exceptionType: "BusinessException" },
      { exceptionType: "ApplicationException" },
      false,
    ],
    ["exception text in any case", { exceptionText: "TimeOut" }, { exceptionReason: "a timeout came" }, true],
    ["exception text, without one", { exceptionText: "x" }, {}, false],
    ["references, folded", { references: ["inv-1 "] }, {}, true],
    ["references, without one", { references: ["INV-1"] }, { reference: null }, false],
    ["a prefix, folded", { referencePrefix: "inv-" }, {}, true],
    ["a prefix that ends in a blank", { referencePrefix: "INV " }, { reference: "INVENTORY-9" }, false],
    ["another prefix", { referencePrefix: "ORD-" }, { reference: null }, false],
    ["ids", { ids: [2] }, {}, false],
    ["robot", { robot: "docbot" }, { robotName: "DocBot" }, true],
    ["robot, without one", { robot: "docbot" }, {}, false],
    ["the time of failure", { failedAfter: "2026-11-01T00:00:00Z" }, { endProcessing: "2026-11-01T00:00:01Z" }, true],
    ["the time of failure, unknown", { failedAfter: "2026-11-01T00:00:00Z" }, {}, false],
    ["no reviewer", { reviewer: "none" }, { reviewerUserId: 7 }, false],
    ["any reviewer", { reviewer: "any" }, { reviewerUserId: 7 }, true],
    ["any reviewer, without one", { reviewer: "any" }, {}, false],
    ["a named reviewer", { reviewer: "ana" }, { reviewerUserId: 7 }, true],
    ["a named reviewer, another", { reviewer: "ana" }, { reviewerUserId: 8 }, false],
  ])("select by %s", (_name, select, fields, selected) => {
    const changes = plan(spec({ select, reviewStatus: "Verified" }), [item(1, fields)], { selectedReviewer: ana });
    expect(changes.map((change) => change.action)).toEqual([selected ? "assign" : "no-op"]);
    expect(changes[0]?.label).toBe(selected ? "INV-1 (1)" : "");
  });

  it("match no named reviewer when none was looked up", () => {
    expect(plan(spec({ select: { reviewer: "ana" }, reviewStatus: "Verified" }), [item(1)])).toMatchObject([
      { action: "no-op" },
    ]);
  });

  it("name an item without a reference by its id", () => {
    expect(plan(spec({ reviewStatus: "Verified" }), [item(1, { reference: "" })])[0]?.label).toBe("item 1");
  });

  it("are blocked for an unknown queue and for reviewers unknown or ambiguous", () => {
    expect(plan(spec(), [], { queue: { missing: "Q" } })).toMatchObject([{ reason: { code: "queue-unknown" } }]);
    const reviewers = [
      { missing: "anna", nearest: "ana" },
      { unfit: "auditors", type: "DirectoryGroup" },
      { ambiguous: "ion", candidates: ["ion.a", "ion.b"] },
    ];
    expect(plan(spec(), [], { reviewers, selectedReviewer: { missing: "x" } })).toMatchObject([
      { hint: "did you mean ana?" },
      { reason: { code: "reviewer-unfit", text: "auditors is no person (DirectoryGroup): only people review" } },
      { reason: { code: "reviewer-ambiguous", text: "reviewer ion may be any of ion.a, ion.b" } },
      {
        reason: { text: "nobody who may review in folder Finance is called x" },
        hint: expect.stringContaining("Transactions.Edit"),
      },
    ]);
    expect(review.entries(spec(), []), "nothing is selected").toBe(0);
    expect(review.entries(spec(), plan(spec({ reviewStatus: "Verified" }), [item(1), item(2)]))).toBe(2);
  });
});
