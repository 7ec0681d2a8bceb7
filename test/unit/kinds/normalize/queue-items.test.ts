import { expect, it } from "vitest";
import { normalizeQueueItems, referenceOf } from "../../../../src/kinds/queue-items/normalize.ts";
import { at } from "./at.ts";

it("makes the same reference of the same content, for ever", () => {
  // The golden value holds the format: another one would seed every item again.
  expect(referenceOf({ Name: "O'Brian", Amount: 12.5, Paid: false, Note: null })).toBe("c-1bd292bbdf1d68bee10c5879");
  expect(referenceOf({ Note: null, Paid: false, Amount: 12.5, Name: "O'Brian" })).toBe("c-1bd292bbdf1d68bee10c5879");
  expect(referenceOf({ Amount: "12.5" })).not.toBe(referenceOf({ Amount: 12.5 }));
});

it("gives references of content only to items without one", () => {
  const raw = {
    queue: "Q",
    references: "fromContent" as const,
    items: [{ reference: "a", content: {} }, { content: {} }],
  };
  const { spec, diagnostics } = normalizeQueueItems(raw, at);
  expect([...spec.items].map(({ reference }) => reference)).toEqual(["a", referenceOf({})]);
  expect(diagnostics).toEqual([]);
});

it("has nothing to make a reference of without content", () => {
  const { spec, diagnostics } = normalizeQueueItems(
    { queue: "Q", references: "fromContent", items: [{ priority: "High" }] },
    at,
  );
  expect(spec.items).toEqual([]);
  expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([["QI001", "it has no content either"]]);
});

it("keeps what is left out left out, and null null", () => {
  const item = { reference: "a", dueDate: null, content: { A: null } };
  const { spec } = normalizeQueueItems({ queue: "Q", items: [item] }, at);
  expect(spec.items).toEqual([{ ...item, source: at(["items", 0], "place") }]);
  expect(Object.keys([...spec.items][0] ?? {})).toEqual(["reference", "dueDate", "content", "source"]);
});

it("keeps the index of items behind one that was refused", () => {
  const items = [{ reference: "a" }, { reference: "b" }, { reference: "" }];
  Reflect.deleteProperty(items, 1);
  const { spec, diagnostics } = normalizeQueueItems({ queue: "Q", items }, at);
  expect([...spec.items].map(({ reference }) => reference)).toEqual(["a", ""]);
  expect(diagnostics.map(({ source }) => source?.file)).toEqual(["value of items[2].reference"]);
});

it("takes over what is set", () => {
  const set = {
    queue: "Q",
    items: [],
    commit: "AllOrNothing",
    order: "any",
    typeHints: true,
    onDrift: "fail",
    recreateDeleted: true,
    prune: { referencePrefix: "I" },
    sensitive: ["A"],
  } as const;
  const raw = { ...set, items: [], sensitive: ["A"], references: "required" as const };
  expect(normalizeQueueItems({ ...raw, seedUntil: "never" }, at).spec).toEqual({ ...set, seedUntil: "never" });
  expect(normalizeQueueItems({ ...raw, seedUntil: "2026-01-01T01:00+01:00" }, at).spec.seedUntil).toBe(
    "2026-01-01T00:00:00Z",
  );
});
