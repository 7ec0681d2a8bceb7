import { expect, it } from "vitest";
import { SecretValue } from "../../../../src/core/secret.ts";
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

it.each([
  [{ reference: " " }, "QI002", "items[0].reference is blank"],
  [{ reference: "r".repeat(129) }, "QI003", "items[0].reference has 129 characters, at most 128 are allowed"],
  [{ content: {} }, "QI001", "items[0] has no reference"],
  [{ reference: "a", content: { "A.b": 1 } }, "QI005", 'content key "A.b" holds "."'],
  [{ reference: "a", content: { "": 1 } }, "QI005", 'content key "" is empty'],
  [
    { reference: "a", content: { A: "x".repeat(256_000) } },
    "QI008",
    "items[0].content has 256008 characters as JSON, at most 256000 are allowed",
  ],
])("refuses %.80j", (item, code, message) => {
  const { diagnostics } = normalizeQueueItems({ queue: "Q", items: [item] }, at);
  expect(diagnostics.map((found) => [found.code, found.message])).toEqual([[code, message]]);
});

it("takes over what is set, and hides where secrets are", () => {
  const content = { Plain: 1, Token: new SecretValue("s", "${secret:S}", ["s"]) as never };
  const { spec } = normalizeQueueItems(
    {
      queue: "Q",
      items: [{ reference: "a", priority: "Low", deferDate: "2026-01-01T01:00+01:00", riskSlaDate: "+1d", content }],
      commit: "AllOrNothing",
      order: "any",
      typeHints: true,
      seedUntil: "2026-01-01T01:00+01:00",
      onDrift: "fail",
      recreateDeleted: true,
      prune: { referencePrefix: "a" },
      sensitive: ["Plain"],
    },
    at,
  );
  expect(spec).toMatchObject({
    commit: "AllOrNothing",
    order: "any",
    typeHints: true,
    seedUntil: "2026-01-01T00:00:00Z",
    onDrift: "fail",
    recreateDeleted: true,
    prune: { referencePrefix: "a" },
    sensitive: ["Plain", "Token"],
    secretKeys: ["Token"],
  });
  expect([...spec.items]).toMatchObject([
    { priority: "Low", deferDate: "2026-01-01T00:00:00Z", riskSlaDate: "+1d", content: { Plain: 1 } },
  ]);
  expect(normalizeQueueItems({ queue: "Q", seedUntil: "never" }, at).spec.seedUntil).toBe("never");
});
