import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { plannedJob } from "../../../src/kinds/job/again.ts";
import { plannedQueueItems } from "../../../src/kinds/queue-items/again.ts";
import { plannedReview, sharesAsPlanned } from "../../../src/kinds/review/again.ts";
import { itemsSpec, jobSpec } from "../../support/desired.ts";

const source = { file: "a.yaml", line: 1, column: 1 };
const absent = { type: "absent" } as const;
const changed = (entry: string, more: object): Change => {
  const key = { kind: "QueueItems", folder: "F", name: "n", entry } as const;
  return { key, label: "", summary: "", source, ...more } as Change;
};
const create = (entry: string, fields: readonly string[], after: object, more: object = {}): Change =>
  changed(entry, { action: "create", after, precondition: absent, desired: { fields }, ...more });

describe("a set of exactly what was planned", () => {
  const { items: _items, ...kept } = itemsSpec([], { prune: { referencePrefix: "A" } });

  it("has the entries of creations and updates, and prunes only what the plan deletes", () => {
    const content = { Amount: 1 };
    const changes = [
      create("A", ["priority", "content"], { reference: "A", priority: "Low", content }),
      create(
        "B",
        ["deferDate"],
        { reference: "B" },
        { desired: { fields: ["deferDate"], apart: { deferDate: "+2d" } } },
      ),
      create("C", [], { reference: "C", priority: "Normal" }),
      changed("D", { action: "no-op" }),
    ];
    const planned = plannedQueueItems(kept, changes);
    expect([...(planned?.items ?? [])]).toEqual([
      { reference: "A", priority: "Low", content, source },
      { reference: "B", deferDate: "+2d", source },
      { reference: "C", source },
    ]);
    expect(planned?.prune).toBeUndefined();
    const doomed = changed("E", { action: "delete", before: {}, precondition: absent });
    expect(plannedQueueItems(kept, [doomed])?.prune).toEqual({ referencePrefix: "A" });
  });

  it.each([
    ["an entry without a trace", create("A", [], {}, { desired: undefined })],
    ["an entry without a place", create("A", [], {}, { source: undefined })],
    ["another priority", create("A", ["priority"], { priority: "Urgent" })],
    ["a date that is none", create("A", ["dueDate"], { dueDate: 5 })],
    ["a content that is none", create("A", ["content"], { content: [] })],
    ["a content with lists in it", create("A", ["content"], { content: { a: [] } })],
    ["an item that is none", create("A", ["content"], [])],
  ])("is none with %s", (_what, change) => {
    expect(plannedQueueItems(kept, [change])).toBeUndefined();
  });
});

describe("a review of exactly what was planned", () => {
  const spec = { queue: "Q", select: { status: ["Failed"], reviewStatus: ["None"] }, override: false } as never;
  const assign = (entry: string, after: unknown): Change =>
    changed(entry, { action: "assign", before: {}, after, fields: [], precondition: absent });

  it("selects its items by id, each for the reviewer whom the plan gave it", () => {
    const changes = [assign("7", { reviewer: { id: 5, name: "ana" } }), assign("8", { reviewStatus: "InReview" })];
    expect(plannedReview(spec, changes)).toMatchObject({ select: { ids: [7, 8] }, shares: { 7: 5 } });
  });

  it.each([
    ["another action", changed("7", { action: "no-op" })],
    ["an id that is none", assign("x", {})],
    ["nothing to come", assign("7", null)],
  ])("is none with %s", (_what, change) => {
    expect(plannedReview(spec, [change])).toBeUndefined();
  });

  it("leaves an item to the reviewer who has taken it since, if he is one of them", () => {
    const items = [
      { id: 1, reviewerUserId: 6 },
      { id: 2, reviewerUserId: 99 },
      { id: 3, reviewerUserId: null },
      { id: 4, reviewerUserId: null },
    ] as never;
    expect(sharesAsPlanned(items, { 1: 5, 2: 5, 3: 5 }, new Set([5, 6]))).toEqual(new Map([[1, 6], [2, 5], [3, 5]])); // prettier-ignore
  });
});

it("a job has the attempt that was planned, where it is a later one", () => {
  const start = (runKey: unknown): Change =>
    changed("", { action: "start", run: "again", after: { runKey }, fields: [], precondition: absent });
  const spec = jobSpec({});
  expect(plannedJob(spec, [start("j@once#3")]).plannedRun).toBe("j@once#3");
  for (const change of [start("j@once"), start(3), changed("", { action: "wait" })]) {
    expect(plannedJob(spec, [change])).toBe(spec);
  }
});
