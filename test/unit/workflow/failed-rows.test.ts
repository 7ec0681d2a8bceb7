import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { OutcomeStatus } from "../../../src/core/outcome.ts";
import type { PlannedResource } from "../../../src/core/plan.ts";
import { SecretValue } from "../../../src/core/secret.ts";
import { writeFailedRows } from "../../../src/workflow/apply/failed-rows.ts";
import { outcomeOf } from "../../../src/workflow/apply/outcomes.ts";

const key = { kind: "QueueItems", folder: "Finance", name: "march" } as const;

function create(reference: string, after: object = {}): Change {
  const draft = { reference, priority: "Normal", ...after };
  const base = { key: { ...key, entry: reference }, label: reference, summary: "" };
  return { ...base, action: "create", after: draft, precondition: { type: "absent" } };
}

function rows(...made: readonly (readonly [Change, OutcomeStatus])[]): { text: string; counts: object } {
  let text = "";
  const changes = made.map(([change]) => change);
  const outcomes = made.map(([change, status]) =>
    outcomeOf(change, {
      status,
      note: "",
      fault: { kind: "timeout", call: "", message: "" },
      sentAt: "",
      notBefore: "",
    }),
  );
  const resource = { key, changes } as unknown as PlannedResource;
  const counts = writeFailedRows({ resources: [resource] }, outcomes, (line) => (text += line));
  return { text, counts };
}

it("failed and skipped items are rows that a source reads: with everything that a create sends", () => {
  const { text, counts } = rows(
    [create("A", { content: { Amount: 12.5, Note: "a\u2028b" }, dueDate: "+2d", deferDate: null }), "failed"],
    [create("B"), "skipped"],
    [create("C"), "applied"],
    [create("D"), "already-done"],
  );
  expect(counts).toEqual({ rows: 2, secret: 0, unknown: 0 });
  expect(text.split("\n")).toHaveLength(3);
  expect(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { reference: "A", priority: "Normal", dueDate: "+2d", content: { Amount: 12.5, Note: "a\u2028b" } },
    { reference: "B", priority: "Normal", content: {} },
  ]);
});

it("a row with a secret, and one that may be there, are counted and not written", () => {
  const secret = new SecretValue("hush", "${secret:S}", ["hush"]);
  const { text, counts } = rows([create("A", { content: { Key: secret } }), "failed"], [create("B"), "unknown"]);
  expect([text, counts]).toEqual(["", { rows: 0, secret: 1, unknown: 1 }]);
});
