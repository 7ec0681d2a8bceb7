import { describe, expect, it } from "vitest";
import { revealed, SecretValue } from "../../../src/core/secret.ts";
import type { Part } from "../../../src/core/shard.ts";
import type { LiveQueueItem } from "../../../src/kinds/queue-items/live.ts";
import { queueItems } from "../../../src/kinds/queue-items/definition.ts";
import type { QueueItemState } from "../../../src/kinds/queue-items/payload.ts";
import type { QueueItemsSpec } from "../../../src/kinds/queue-items/spec.ts";
import type { PlanContext, ResourcePlan } from "../../../src/kinds/definition.ts";
import {
  context,
  desired,
  entry,
  itemsSpec,
  plainQueue,
  queueLive,
  row,
  uniqueQueue,
  type QueueFacts,
} from "../../support/desired.ts";

function plan(spec: QueueItemsSpec, live: QueueFacts = {}, with_: Partial<PlanContext> = {}): ResourcePlan {
  const state = queueLive(live);
  return queueItems.plan(desired("QueueItems", "march", spec), state, { ...context, ...with_ });
}

function lines(result: ResourcePlan): string[] {
  return [...result.changes].map((change) => `${change.action} ${change.label} ${change.reason?.code ?? ""}`.trim());
}

describe("queue items", () => {
  it("creates what is missing, as Normal when no priority is given", () => {
    const [change] = plan(itemsSpec([entry("INV-1", { dueDate: "2026-12-05T17:00:00Z", deferDate: null })])).changes;
    expect(change).toMatchObject({
      action: "create",
      summary: "Normal, due 2026-12-05 17:00Z",
      after: { reference: "INV-1", priority: "Normal", dueDate: "2026-12-05T17:00:00Z" },
      precondition: { type: "absent" },
    });
    expect(change).not.toHaveProperty("after.deferDate");
  });

  it("leaves an equal item alone, numbers by value and dates by instant", () => {
    const wanted = entry("INV-1", {
      dueDate: "2026-12-05T18:00:00+01:00",
      content: { Amount: 12.5, At: "2026-01-01T00:00:00.10Z" },
    });
    const live = row(1, "INV-1", {
      dueDate: "2026-12-05T17:00:00.000Z",
      content: { At: "2026-01-01T00:00:00.1Z", Amount: 12.5 },
    });
    expect(lines(plan(itemsSpec([wanted]), { items: [live] }))).toEqual(["no-op INV-1 equal"]);
  });

  it("updates an untouched item that differs, and keeps what the manifest does not name", () => {
    const live = row(1, "INV-1", { priority: "High", progress: "half", content: { Amount: 12.5, Email: "a@b.c" } });
    const [change] = plan(itemsSpec([entry("INV-1", { content: { Amount: 13 } })], { sensitive: ["Email"] }), {
      items: [live],
    }).changes;
    expect(change).toMatchObject({
      action: "update",
      fields: [
        { path: "content.Amount", before: 12.5, after: 13 },
        { path: "content.Email", before: "a@b.c", sensitive: true },
      ],
      after: { priority: "High", progress: "half", content: { Amount: 13 } },
      precondition: { type: "version", id: 1, rowVersion: "v1" },
      sensitive: ["content.Email"],
    });
  });

  it("keeps what the tenant has under the key of a secret like a secret", () => {
    const secret = new SecretValue("hunter2", "${secret:TOKEN}", ["hunter2"]);
    const entries = [entry("A", { content: { Pin: secret } }), entry("B", { content: { Pin: "plain" } })];
    const spec = itemsSpec([...entries, entry("C", { content: { Pin: secret } })], {
      sensitive: ["Pin"],
      secretKeys: ["Pin"],
      prune: { referencePrefix: "X" },
    });
    const content = { Pin: "hunter1" };
    const { changes } = plan(spec, {
      items: [
        row(1, "A", { content }),
        row(2, "B", { content: { Pin: 4711 } }),
        row(3, "C", { content: { Pin: "hunter2" } }),
      ],
      pruneCandidates: [row(4, "X", { content })],
    });
    const [a, b, c, x] = [...changes];
    expect([a?.action, b?.action, c?.action, x?.action]).toEqual(["update", "update", "no-op", "delete"]);
    expect(a).toMatchObject({ fields: [{ path: "content.Pin", sensitive: true }], sensitive: ["content.Pin"] });
    expect(b).toMatchObject({
      fields: [{ path: "content.Pin", sensitive: true }],
      after: { content: { Pin: "plain" } },
    });
    expect(JSON.stringify([a, b, c, x])).not.toMatch(/hunter|4711/);
    // It is there for whoever checks that nothing has changed since.
    const { before } = a as unknown as { before: QueueItemState };
    expect(revealed(before.content ?? {})).toEqual(content);
  });

  it("measures one call's items with their secrets", () => {
    const long = new SecretValue("x".repeat(400_000), "${secret:LONG}", []);
    const entries = ["A", "B", "C"].map((reference) => entry(reference, { content: { a: long } }));
    expect(lines(plan(itemsSpec(entries, { commit: "AllOrNothing" })))).toEqual(["blocked  commit-too-large"]);
  });

  it.each([
    ["a priority", { priority: "Low" } as const, {}, ["priority"]],
    ["a date that the tenant lacks", { dueDate: "2026-12-05T17:00:00Z" }, {}, ["dueDate"]],
    ["a date that null clears", { dueDate: null }, { dueDate: "2026-12-05T17:00:00Z" }, ["dueDate"]],
    ["a date that moved", { deferDate: "2026-12-05T17:00:00Z" }, { deferDate: "2026-12-05T16:00:00Z" }, ["deferDate"]],
    [
      "nothing that was left out",
      {},
      { priority: "High", dueDate: "2026-12-05T17:00:00Z", content: { a: 1 } } as const,
      [],
    ],
    ["the risk date never, it cannot be changed", { riskSlaDate: "2026-12-05T17:00:00Z" }, {}, []],
  ])("compares %s", (_name, wanted, live, paths) => {
    const [change] = plan(itemsSpec([entry("A", wanted)]), { items: [row(1, "A", live)] }).changes;
    const fields = change !== undefined && "fields" in change ? change.fields : [];
    expect(fields.map((field) => field.path)).toEqual(paths);
  });

  it("keeps a relative date as written, for creating alone", () => {
    const wanted = entry("A", { dueDate: "+2d", deferDate: "+1h", content: { a: 1 } });
    const [created] = plan(itemsSpec([wanted])).changes;
    expect(created).toMatchObject({ summary: "Normal, due +2d, not before +1h", after: { dueDate: "+2d" } });
    const live = { dueDate: "2026-12-05T17:00:00Z", content: { a: 1 } };
    expect(lines(plan(itemsSpec([wanted]), { items: [row(1, "A", live)] }))).toEqual(["no-op A equal"]);
    const [updated] = plan(itemsSpec([wanted]), { items: [row(1, "A", { ...live, content: { a: 2 } })] }).changes;
    expect(updated).toMatchObject({ action: "update", after: { dueDate: "2026-12-05T17:00:00Z", content: { a: 1 } } });
  });

  it("takes what the server did not return as unknown, never as different", () => {
    const { priority: _priority, content: _content, dueDate: _due, ...bare } = row(1, "A");
    const wanted = entry("A", { priority: "High", content: { a: 1 }, dueDate: "2026-12-05T17:00:00Z" });
    expect(lines(plan(itemsSpec([wanted]), { items: [bare as LiveQueueItem] }))).toEqual(["no-op A equal"]);
  });

  it("blocks an update of an item whose content cannot be read: the update would clear it", () => {
    const { content: _content, ...hidden } = row(1, "A", { priority: "High" });
    const items = [hidden as LiveQueueItem];
    expect(lines(plan(itemsSpec([entry("A", { priority: "Low" })]), { items }))).toEqual(["blocked A content-hidden"]);
    const given = entry("A", { priority: "Low", content: { a: 1 } });
    expect(lines(plan(itemsSpec([given]), { items }))).toEqual(["update A"]);
  });

  it.each(["InProgress", "Successful", "Failed", "Abandoned", "Retried"] as const)(
    "never touches an item that is %s",
    (status) => {
      const live = row(1, "A", { status, content: { a: 1 } });
      expect(lines(plan(itemsSpec([entry("A", { content: { a: 2 } })]), { items: [live] }))).toEqual([
        "no-op A already-processed",
      ]);
    },
  );

  it.each([{ retryNumber: 1 }, { ancestorId: 7 }])("never touches an item that waits for a retry: %o", (retry) => {
    const live = row(1, "A", { ...retry, content: { a: 1 } });
    const [change] = plan(itemsSpec([entry("A", { content: { a: 2 } })]), { items: [live] }).changes;
    expect(change).toMatchObject({ action: "no-op", summary: "waits for a retry" });
  });

  it("never touches an item of which the server does not tell whether it was attempted", () => {
    const live = row(1, "A", { retryNumber: null, content: { a: 1 } });
    const [change] = plan(itemsSpec([entry("A", { content: { a: 2 } })]), { items: [live] }).changes;
    expect(change).toMatchObject({ action: "no-op", summary: "may have been attempted: the server does not tell" });
    const hidden = row(1, "A", { status: "Unknown", content: { a: 1 } });
    expect(lines(plan(itemsSpec([entry("A", { content: { a: 2 } })]), { items: [hidden] }))).toEqual([
      "no-op A already-processed",
    ]);
  });

  it("takes the row with the highest Id for the item's state, wherever it stands in the answer", () => {
    const retried = row(2, "A", { key: "k", status: "Retried" });
    const failed = row(5, "A", { key: "k", status: "Failed", retryNumber: 1 });
    const gone = row(9, "A", { key: "k", status: "Deleted", retryNumber: 2 });
    expect(lines(plan(itemsSpec([entry("A")]), { items: [failed, retried] }))).toEqual(["no-op A already-processed"]);
    expect(lines(plan(itemsSpec([entry("A")]), { items: [gone, retried, failed] }))).toEqual(["no-op A deleted-left"]);
    const other = row(11, "A", { key: "l" });
    expect(lines(plan(itemsSpec([entry("A")]), { items: [other, gone, retried] }))).toEqual(["no-op A equal"]);
  });

  it("takes retries, which share the server's Key, as one item in its newest row's state", () => {
    const rows = [row(9, "A", { key: "k", retryNumber: 1 }), row(2, "A", { key: "k", status: "Retried" })];
    const [change] = plan(itemsSpec([entry("A", { content: { a: 2 } })]), { items: rows }).changes;
    expect(change).toMatchObject({ action: "no-op", reason: { code: "already-processed" } });
    expect(change?.warnings).toBeUndefined();
  });

  it("never touches several live items under one reference, and names their ids", () => {
    const [change] = plan(itemsSpec([entry("A", { content: { a: 2 } })]), {
      items: [row(4, "A"), row(2, "A")],
    }).changes;
    expect(change).toMatchObject({ action: "no-op", reason: { code: "not-unique" } });
    expect(change?.warnings).toEqual(["2 live items have the reference A: ids 2, 4; none is touched"]);
  });

  it("finds a reference by the server's folding rule, and warns about the spelling", () => {
    const [change] = plan(itemsSpec([entry("inv-É ")]), { items: [row(1, "INV-É")] }).changes;
    expect(change).toMatchObject({
      action: "no-op",
      warnings: ['the tenant spells the reference "INV-É", the manifest "inv-É "'],
    });
  });

  it.each([
    [false, "no-op A deleted-left"],
    [true, "create A deleted-recreated"],
  ])("with recreateDeleted %s, a deleted item is: %s", (recreateDeleted, line) => {
    const items = [row(1, "A", { status: "Deleted" })];
    expect(lines(plan(itemsSpec([entry("A")], { recreateDeleted }), { items }))).toEqual([line]);
  });

  it("prefers a live item to a deleted one of the same reference", () => {
    const items = [row(1, "A"), row(2, "A", { status: "Deleted" })];
    expect(lines(plan(itemsSpec([entry("A")]), { items }))).toEqual(["no-op A equal"]);
  });

  it.each([
    ["ignore", "no-op A drift-ignored"],
    ["fail", "blocked A drift-refused"],
  ] as const)("with onDrift %s, a difference is: %s", (onDrift, line) => {
    const items = [row(1, "A", { priority: "High" })];
    expect(lines(plan(itemsSpec([entry("A", { priority: "Low" })], { onDrift }), { items }))).toEqual([line]);
  });

  it.each([
    ["2026-11-21T12:00:00Z", "no-op A seeding-over"],
    ["2026-11-21T12:00:01Z", "create A"],
    ["never", "create A"],
  ])("with seedUntil %s, a missing item is: %s", (seedUntil, line) => {
    expect(lines(plan(itemsSpec([entry("A")], { seedUntil }), { queue: plainQueue }))).toEqual([line]);
  });

  it("refuses a queue without unique references when there is no seedUntil", () => {
    expect(lines(plan(itemsSpec([entry("A")]), { queue: plainQueue }))).toEqual(["blocked  seed-until-missing"]);
  });

  it("refuses an unknown queue and names the nearest", () => {
    const [change] = plan(itemsSpec([entry("A")]), { queue: { missing: "DocQueu", nearest: "DocQueue" } }).changes;
    expect(change).toMatchObject({
      action: "blocked",
      reason: { text: "there is no queue DocQueu in folder Finance" },
      hint: "did you mean DocQueue?",
    });
  });

  it("refuses an AllOrNothing set that does not fit into one call", () => {
    const many = Array.from({ length: 1001 }, (_, index) => entry(`A-${index}`));
    expect(lines(plan(itemsSpec(many, { commit: "AllOrNothing" })))).toEqual(["blocked  commit-too-large"]);
    expect(lines(plan(itemsSpec(many.slice(1), { commit: "AllOrNothing" })))).toHaveLength(1000);
    const wide = [entry("A", { content: { text: "é".repeat(500_001) } })];
    expect(lines(plan(itemsSpec(wide, { commit: "AllOrNothing" })))).toEqual(["blocked  commit-too-large"]);
  });

  it("says that seeding starts jobs, only when something is seeded", () => {
    const queue = { ...uniqueQueue, triggerProcess: "Importer" };
    expect(plan(itemsSpec([entry("A")]), { queue }).notes).toEqual(["seeding starts jobs of Importer"]);
    expect(plan(itemsSpec([entry("A")]), { queue, items: [row(1, "A")] }).notes).toEqual([]);
  });
});

describe("prune", () => {
  const pruneCandidates = [
    row(9, "INV-9", { content: { Email: "x" } }),
    row(3, "inv-3"),
    row(4, "INV-4", { status: "InProgress" }),
    row(5, "INV-5", { retryNumber: 1 }),
    row(6, "OTHER-6"),
    row(7, null),
  ];
  const spec = itemsSpec([entry("INV-1")], { prune: { referencePrefix: "INV-" }, sensitive: ["Email"] });

  it("deletes only untouched items under the prefix that no manifest names, by Id", () => {
    const isNamed = (_queue: string, reference: string): boolean => reference === "INV-9";
    expect(lines(plan(spec, { pruneCandidates }))).toEqual([
      "create INV-1",
      "delete inv-3 (3) not-named",
      "delete INV-9 (9) not-named",
    ]);
    expect(lines(plan(spec, { pruneCandidates }, { isNamed }))).toEqual(["create INV-1", "delete inv-3 (3) not-named"]);
  });

  it("sends the RowVersion with a delete and hides sensitive content", () => {
    const change = [...plan(spec, { pruneCandidates }).changes].at(-1);
    expect(change).toMatchObject({
      precondition: { type: "version", id: 9, rowVersion: "v9" },
      sensitive: ["content.Email"],
    });
  });

  it("takes a blank at the end of the prefix for what it is", () => {
    const blank = itemsSpec([entry("X")], { prune: { referencePrefix: "INV " } });
    const candidates = [row(1, "INVENTORY-9"), row(2, "inv 7")];
    expect(lines(plan(blank, { pruneCandidates: candidates }))).toEqual(["create X", "delete inv 7 (2) not-named"]);
  });

  it("deletes nothing when prune is off", () => {
    expect(lines(plan(itemsSpec([entry("INV-1")]), { pruneCandidates }))).toEqual(["create INV-1"]);
  });

  it("never lets a set without entries prune, unless that guard is forced", () => {
    const empty = itemsSpec([], { prune: { referencePrefix: "INV-" } });
    expect(lines(plan(empty, { pruneCandidates }))).toEqual(["blocked  empty-selection-prunes"]);
    expect(lines(plan(empty, { pruneCandidates }, { emptySetForced: true }))).toHaveLength(2);
    expect(lines(plan(empty))).toEqual([]);
  });
});

describe("one shard of several", () => {
  const shard = { index: 1, count: 2 };
  const isSplit = { shard, whole: { entries: 3, isSplit: true } };
  /** The entries of the whole set that this shard has. */
  function planPart(spec: QueueItemsSpec, live: QueueFacts = {}, part: Part = isSplit): ResourcePlan {
    return queueItems.plan({ ...desired("QueueItems", "march", spec), part }, queueLive(live), context);
  }

  it.each(["AllOrNothing", "StopOnFirstFailure"] as const)("never takes %s apart", (commit) => {
    const spec = itemsSpec([entry("INV-1")], { commit });
    expect(lines(planPart(spec))).toEqual(["blocked  commit-split"]);
    expect([...planPart(spec).changes][0]?.reason?.text).toContain("--shard 1/2 would split its 3 items");
    // What is whole here, or has nothing to add, is not taken apart.
    expect(lines(planPart(spec, {}, { shard, whole: { entries: 1, isSplit: false } }))).toEqual(["create INV-1"]);
    expect(lines(planPart(spec, { items: [row(1, "INV-1")] }))).toEqual(["no-op INV-1 equal"]);
  });

  it("says that an order holds within it alone, and which process seeding starts", () => {
    const queue = { ...uniqueQueue, triggerProcess: "Load" };
    expect(planPart(itemsSpec([entry("INV-1")]), { queue }).notes).toEqual([
      "seeding starts jobs of Load",
      "the manifest's order holds within this shard: the others seed at the same time",
    ]);
    expect(planPart(itemsSpec([entry("INV-1")], { order: "any" })).notes).toEqual([]);
    expect(planPart(itemsSpec([]), { queue }).notes).toEqual([]);
  });

  it("prunes what belongs to it, however few entries it has of a set that has some", () => {
    const spec = itemsSpec([], { prune: { referencePrefix: "OLD-" } });
    const pruneCandidates = Array.from({ length: 20 }, (_, index) => row(index + 1, `OLD-${index}`));
    const both = [1, 2].map((index) =>
      lines(planPart(spec, { pruneCandidates }, { ...isSplit, shard: { index, count: 2 } })),
    );
    const all = pruneCandidates.map(({ id, reference }) => `delete ${reference} (${id}) not-named`);
    expect(both.flat().toSorted()).toEqual(all.toSorted());
    expect(both.every((some) => some.length > 0)).toBe(true);
  });
});
