import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { PlanContext, ResourcePlan } from "../../../src/kinds/definition.ts";
import { queueItems } from "../../../src/kinds/queue-items/definition.ts";
import type { QueueItemEntry, QueueItemsSpec } from "../../../src/kinds/queue-items/spec.ts";
import {
  context,
  desired,
  entry,
  itemsSpec,
  queueLive,
  row,
  source,
  uniqueQueue,
  type QueueFacts,
} from "../../support/desired.ts";

const contentSchema = JSON.stringify({
  required: ["Email"],
  properties: { Email: { type: "string" }, A: { type: "number" }, B: { type: "number" }, C: { type: "number" } },
});

function plan(
  items: readonly QueueItemEntry[],
  live: QueueFacts = {},
  more: { readonly spec?: Partial<QueueItemsSpec>; readonly context?: Partial<PlanContext> } = {},
): ResourcePlan {
  const state = queueLive({ queue: { ...uniqueQueue, contentSchema }, ...live });
  return queueItems.plan(desired("QueueItems", "march", itemsSpec(items, more.spec)), state, {
    ...context,
    ...more.context,
  });
}

function first(result: ResourcePlan): Change | undefined {
  return [...result.changes][0];
}

describe("content that the queue's schema refuses", () => {
  it("blocks a create, and names each place, none twice, and no more than three", () => {
    const content = { A: "1", B: "2", C: "3" };
    expect(first(plan([entry("INV-1", { content })]))).toMatchObject({
      action: "blocked",
      key: { entry: "INV-1" },
      reason: {
        code: "content-refused",
        text: expect.stringMatching(/^content\.Email is required .*; content\.A must be a number; .*; and 1 more$/),
      },
    });
  });

  it("blocks an update, and leaves lines alone that write nothing", () => {
    const wanted = [entry("INV-1", { content: { A: 1 } }), entry("INV-2", { content: { A: 1 } })];
    const items = [
      row(1, "INV-1", { content: { A: 2 } }),
      row(2, "INV-2", { content: { A: 2 }, status: "Successful" }),
    ];
    const actions = [...plan(wanted, { items }).changes].map(({ action }) => action);
    expect(actions).toEqual(["blocked", "no-op"]);
  });

  it("holds an item without content against the schema as one without keys", () => {
    expect(first(plan([entry("INV-1")]))?.reason?.text).toBe("content.Email is required by the queue's schema");
  });

  it("judges the content that an update sends back, when the manifest gives none", () => {
    const live = row(1, "INV-1", { priority: "High", content: { A: 1 } });
    expect(first(plan([entry("INV-1", { priority: "Low" })], { items: [live] }))?.action).toBe("blocked");
  });

  it("stands where the first value stands, as far as that is known", () => {
    const at = { file: "manifests/march.yaml", line: 31, column: 9 };
    const asked: unknown[] = [];
    const locate: PlanContext["locate"] = (item, path) => {
      asked.push([item, path]);
      return at;
    };
    const content = { Email: "a", A: "x" };
    expect(first(plan([entry("INV-1", { content })], {}, { context: { locate } }))?.source).toEqual(at);
    expect(asked).toEqual([[source, ["content", "A"]]]);
  });

  it("carries which keys are sensitive", () => {
    const result = plan([entry("INV-1", { content: { Email: 1 } })], {}, { spec: { sensitive: ["Email"] } });
    expect(first(result)).toMatchObject({ action: "blocked", sensitive: ["content.Email"] });
  });

  it("hints at the key that may have been meant", () => {
    const closed = JSON.stringify({ additionalProperties: false, properties: { Email: {} } });
    const queue = { ...uniqueQueue, contentSchema: closed };
    expect(first(plan([entry("INV-1", { content: { Emial: "a" } })], { queue }))).toMatchObject({
      hint: 'did you mean "Email"?',
    });
  });

  it.each(['{"$schema":"x"}', '{"allOf":[{"$ref":"#"}]}'])(
    "of which nothing is known under %s: a warning",
    (schema) => {
      const queue = { ...uniqueQueue, contentSchema: schema };
      const result = plan([entry("INV-1"), entry("INV-2")], { queue });
      expect([...result.changes].map(({ action }) => action)).toEqual(["create", "create"]);
      expect(result.diagnostics).toMatchObject([{ code: "PL001", severity: "warning", source }]);
      const nothing = plan([entry("INV-1")], { queue, items: [row(1, "INV-1")] });
      expect(nothing.diagnostics, "nothing is written").toEqual([]);
    },
  );
});
