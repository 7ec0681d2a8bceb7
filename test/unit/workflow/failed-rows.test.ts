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
  const resource = { key, title: "queue Q", settings: { queueId: 1 }, changes } as unknown as PlannedResource;
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
  const queues = [{ title: "queue Q", folder: "Finance", rows: 2 }];
  expect(counts).toEqual({ rows: 2, secret: 0, unknown: 0, queues });
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
  expect([text, counts]).toEqual(["", { rows: 0, secret: 1, unknown: 1, queues: [] }]);
});

it("rows of one queue stand together, and it is told how many are of which", () => {
  const resources = [1, 2, 1].map((queueId, index) => {
    const changes = [create(`${index}`)];
    return { key, title: `queue ${queueId}`, settings: { queueId }, changes } as unknown as PlannedResource;
  });
  const outcomes = resources.flatMap(({ changes }) =>
    Array.from(changes, (change) => outcomeOf(change, { status: "skipped", note: "" })),
  );
  const references: string[] = [];
  const { queues } = writeFailedRows({ resources }, outcomes, (line) =>
    references.push((JSON.parse(line) as { reference: string }).reference),
  );
  expect(references).toEqual(["0", "2", "1"]);
  expect(queues.map(({ title, rows: count }) => [title, count])).toEqual([["queue 1", 2], ["queue 2", 1]]); // prettier-ignore
});
