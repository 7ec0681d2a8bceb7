import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { HeldCreate } from "../../../src/core/held-create.ts";
import { HeldOutcome, plainOutcome } from "../../../src/core/held-outcome.ts";
import { countOutcomes, type Ending } from "../../../src/core/outcome.ts";
import { outcomeOf, settledOutcome, type Work } from "../../../src/workflow/apply/outcomes.ts";
import { outcomeJson } from "../../../src/views/json/report.ts";

const resource = { kind: "QueueItems", folder: "A", name: "march" } as const;
const create = (label: string): Change => ({
  action: "create",
  key: { ...resource, entry: "INV-1" },
  label,
  summary: "Normal",
  after: { reference: "INV-1" },
  precondition: { type: "absent" },
  source: { file: "rows.csv", line: 2, column: 1 },
});
const work: Work = { durationMs: 12, calls: 2, traceIds: ["00-a"] };
const added: Ending = { status: "applied", note: "added" };

function held(label = "INV-1"): { readonly change: Change; readonly file: { reads: number; isGone: boolean } } {
  const file = { reads: 0, isGone: false };
  const at = (): Change => {
    file.reads++;
    if (file.isGone) throw new Error("the file is gone");
    return create(label);
  };
  return { change: new HeldCreate({ at }, 0) as Change, file };
}

it.each<[string, Ending, Work, string]>([
  ["added", added, work, "INV-1"],
  ["found", { status: "already-done", ids: [7], note: "already there" }, { ...work, traceIds: [] }, "INV-1"],
  ["with words of its own", { status: "applied" }, work, "the first of March"],
])("says of a creation in a file what is said of any other: %s", (_name, ending, done, label) => {
  const outcome = settledOutcome(resource, held(label).change, ending, done);
  const plain = outcomeOf(create(label), ending, done);
  expect(outcome).toBeInstanceOf(HeldOutcome);
  expect(plainOutcome(outcome)).toEqual(plain);
  expect(JSON.parse(JSON.stringify(outcome))).toEqual(plain);
  expect(outcomeJson(outcome)).toEqual(outcomeJson(plain));
});

it("is an object of its own kind for nothing but a success in a file", () => {
  const fault = { kind: "http", call: "POST /", message: "no" } as const;
  const { change } = held();
  expect(settledOutcome(resource, create("INV-1"), added, work)).toEqual(outcomeOf(create("INV-1"), added, work));
  for (const ending of [undefined, { status: "skipped", note: "" }, { status: "failed", fault, note: "" }] as const) {
    expect(settledOutcome(resource, change, ending, work)).toEqual(outcomeOf(change, ending, work));
  }
  const outputs = [{ job: 1, arguments: { Total: 3 } }];
  expect(settledOutcome(resource, change, { ...added, outputs }, work)).toMatchObject({ outputs });
  expect(settledOutcome(resource, change, added, work, { why: "timeout" })).toMatchObject({ leftRunning: "timeout" });
});

it("reads nothing for who counts, and loses no report when there is nothing to read any more", () => {
  const { change, file } = held();
  const outcome = settledOutcome(resource, change, added, work);
  (change as unknown as HeldCreate).letGo();
  const before = file.reads;
  expect(countOutcomes([outcome]).applied).toBe(1);
  expect([outcome.key.entry, outcome.label, outcome.action, outcome.calls]).toEqual(["INV-1", "INV-1", "create", 2]);
  expect(file.reads).toBe(before);
  file.isGone = true;
  expect(outcome.source).toBeUndefined();
  expect(plainOutcome(outcome)).toMatchObject({ status: "applied", key: { entry: "INV-1" } });
});
