import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { queueItems } from "../../../src/kinds/queue-items/definition.ts";
import type { LiveQueueItem } from "../../../src/kinds/queue-items/live.ts";
import type { QueueItemDraft } from "../../../src/kinds/queue-items/payload.ts";
import type { QueueItemEntry, QueueItemsSpec } from "../../../src/kinds/queue-items/spec.ts";
import { review } from "../../../src/kinds/review/definition.ts";
import type { LiveReviewItem } from "../../../src/kinds/review/live.ts";
import { shareAmong } from "../../../src/kinds/review/share.ts";
import { context, desired, entry, itemsSpec, queueLive, row, uniqueQueue } from "../../support/desired.ts";

const reference = fc.integer({ min: 1, max: 30 }).map((number) => `INV-${number}`);
const content = fc.dictionary(
  fc.constantFrom("Amount", "Email", "Name", "constructor"),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
);
const instant = fc
  .date({ min: new Date("2026-01-01"), max: new Date("2028-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const entries = fc.uniqueArray(
  fc.record(
    { reference, priority: fc.constantFrom("High", "Normal", "Low"), dueDate: fc.option(instant), content },
    { requiredKeys: ["reference"] },
  ),
  { selector: (each) => each.reference },
);
const status = fc.constantFrom("New", "InProgress", "Failed", "Successful", "Abandoned", "Retried", "Deleted");
const rows = fc
  .array(
    fc.record({
      reference,
      status,
      content,
      retryNumber: fc.constantFrom(0, 0, 0, 1),
      key: fc.constantFrom("k1", "k2", "k3", ""),
    }),
  )
  .map((all) =>
    all.map((each, index): LiveQueueItem =>
      row(index + 1, each.reference, { ...each, key: each.key || `own-${index}` }),
    ),
  );

function plan(spec: QueueItemsSpec, items: readonly LiveQueueItem[]): readonly Change[] {
  const live = queueLive({ items, pruneCandidates: items });
  return [...queueItems.plan(desired("QueueItems", "march", spec), live, context).changes];
}

const spec = (
  wanted: readonly Omit<QueueItemEntry, "source">[],
  fields: Partial<QueueItemsSpec> = {},
): QueueItemsSpec =>
  itemsSpec(
    wanted.map((each) => entry(each.reference, each)),
    fields,
  );

/** The tenant after the plan's changes: what the server would store. */
function carryOut(changes: readonly Change[], items: readonly LiveQueueItem[]): LiveQueueItem[] {
  const after = new Map(items.map((item) => [item.id, item]));
  let next = 1000;
  for (const change of changes) {
    if (change.action === "create") {
      const draft = change.after as QueueItemDraft;
      const created = { priority: draft.priority, dueDate: draft.dueDate ?? null, content: draft.content ?? {} };
      after.set(++next, row(next, draft.reference, created));
    } else if (change.action === "update" && change.precondition.type === "version") {
      const item = after.get(change.precondition.id);
      if (item !== undefined) after.set(item.id, { ...item, ...(change.after as object) });
    } else if (change.action === "delete" && change.precondition.type === "version") {
      const item = after.get(change.precondition.id);
      if (item !== undefined) after.set(item.id, { ...item, status: "Deleted" });
    }
  }
  return [...after.values()];
}

const pending = (changes: readonly Change[]): string[] =>
  changes.filter((change) => change.action !== "no-op").map((change) => `${change.action} ${change.label}`);

describe("reconciling queue items", () => {
  it("leaves nothing to do after its changes are carried out, prune included", () => {
    fc.assert(
      fc.property(entries, rows, fc.boolean(), (wanted, items, recreateDeleted) => {
        const manifest = spec(wanted, { recreateDeleted, prune: { referencePrefix: "INV-" } });
        fc.pre(wanted.length > 0);
        // A prune may delete what the manifest names under several rows; those it names are never among them.
        const named = new Set(wanted.map((each) => each.reference));
        const planOf = (live: readonly LiveQueueItem[]): readonly Change[] => [
          ...queueItems.plan(
            desired("QueueItems", "march", manifest),
            queueLive({ items: live, pruneCandidates: live }),
            { ...context, isNamed: (_queue, name) => named.has(name) },
          ).changes,
        ];
        expect(pending(planOf(carryOut(planOf(items), items)))).toEqual([]);
      }),
    );
  });

  it("does not depend on the order of live rows, and keeps the manifest's order", () => {
    fc.assert(
      fc.property(entries, rows, (wanted, items) => {
        const manifest = spec(wanted);
        const changes = plan(manifest, items);
        expect(plan(manifest, items.toReversed())).toEqual(changes);
        expect(changes.map((change) => change.key.entry)).toEqual(wanted.map((each) => each.reference));
      }),
    );
  });

  it("deletes nothing without prune, and never touches an item that was attempted", () => {
    fc.assert(
      fc.property(entries, rows, (wanted, items) => {
        const untouched = new Set(
          items.filter((item) => item.status === "New" && item.retryNumber === 0).map((item) => item.id),
        );
        const changes = plan(spec(wanted), items);
        expect(changes.filter((change) => change.action === "delete")).toEqual([]);
        const touched = changes.flatMap((change) =>
          "precondition" in change && change.precondition.type === "version" ? [change.precondition.id] : [],
        );
        expect(touched.filter((id) => !untouched.has(id))).toEqual([]);
      }),
    );
  });
});

describe("sharing reviews", () => {
  const items = fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 1, max: 500 }), reviewerUserId: fc.constantFrom(null, null, 1, 2, 3, 99) }),
    { selector: (item) => item.id, maxLength: 40 },
  );

  it("moves nobody who has one, gives every other item to somebody, as evenly as that allows", () => {
    fc.assert(
      fc.property(items, fc.shuffledSubarray([1, 2, 3], { minLength: 1 }), (selected, reviewers) => {
        const shares = shareAmong(selected, reviewers);
        const kept = new Map(reviewers.map((id) => [id, 0]));
        for (const item of selected) {
          const reviewer = shares.get(item.id);
          expect(reviewers).toContain(reviewer);
          if (item.reviewerUserId === null || !kept.has(item.reviewerUserId)) continue;
          expect(reviewer).toBe(item.reviewerUserId);
          kept.set(item.reviewerUserId, (kept.get(item.reviewerUserId) ?? 0) + 1);
        }
        const loads = reviewers.map((id) => [...shares.values()].filter((holder) => holder === id).length);
        // Whoever got one more than another already held that many before.
        const lightest = Math.min(...loads);
        reviewers.forEach((id, index) => {
          expect(loads[index]).toBeLessThanOrEqual(Math.max(lightest + 1, kept.get(id) ?? 0));
        });
      }),
    );
  });

  it("has nothing to do once it was carried out", () => {
    fc.assert(
      fc.property(items, (selected) => {
        const live = (all: readonly { id: number; reviewerUserId: number | null }[]): LiveReviewItem[] =>
          all.map((item) => ({ ...item, reference: null, status: "Failed", reviewStatus: "None", rowVersion: "v" }));
        const resource = desired("Review", "failed", {
          queue: "DocQueue",
          select: { status: ["Failed"], reviewStatus: ["None"] },
          reviewers: ["a", "b"],
          unassign: false,
          override: true,
        } as const);
        const planOf = (all: readonly LiveReviewItem[]): readonly Change[] => {
          const reviewers = [
            { id: 1, userName: "a" },
            { id: 2, userName: "b" },
          ];
          return [
            ...review.plan(resource, { queue: uniqueQueue, reviewers, names: new Map(), items: all }, context).changes,
          ];
        };
        const shares = shareAmong(selected, [1, 2]);
        const after = selected.map((item) => ({ ...item, reviewerUserId: shares.get(item.id) ?? null }));
        expect(pending(planOf(live(after)))).toEqual([]);
      }),
    );
  });
});
