import { describe, expect, test } from "vitest";
import type { Evidence, Json, SentCall } from "../../checker/evidence.ts";
import { judge } from "../../checker/judge.ts";

const settle = 240_000;

/** A run in which nothing happened. */
const quiet: Evidence = {
  settle,
  wanted: { items: [], runs: [], crowded: [] },
  before: { items: [], jobs: [], comments: [] },
  after: { items: [], jobs: [], comments: [] },
  calls: [],
  applies: [],
  converged: true,
  broken: [],
  touched: [],
};

function sent(by: string, sentAt: number, path: string, body: Json, fault?: string): SentCall {
  return {
    seq: sentAt,
    method: "POST",
    path: `/odata/${path}`,
    status: 200,
    time: new Date(sentAt).toISOString(),
    body: JSON.stringify(body),
    fault: fault === undefined ? null : { name: fault, handled: [200] },
    by,
    heard: true,
    sentAt,
  };
}

/** Two applies have each started the same run (campaign landing/4411). */
describe("a run that was started by two applies", () => {
  const lagging = "an apply began while lists lagged behind the one before" as const;
  const start = (by: string, sentAt: number, fault?: string): SentCall =>
    sent(
      by,
      sentAt,
      "Jobs/UiPath.Server.Configuration.OData.StartJobs",
      { startInfo: { Reference: "smoke@once" } },
      fault,
    );
  const jobs = [1, 2].map((Id) => ({ Id, Reference: "smoke@once" }));
  const key = { kind: "Job", name: "smoke" };
  const warned = { action: "no-op", key, label: "", warnings: ["jobs 1, 2 are one run"] };
  const run = { name: "smoke", process: "Slow", jobs: 1, run: "once", attempts: 1 } as const;
  const evidence = (calls: readonly SentCall[]): Evidence => ({
    ...quiet,
    wanted: { items: [], runs: [run], crowded: [] },
    after: { items: [], jobs, comments: [] },
    last: { resources: [{ settings: {}, changes: [warned] }] },
    calls,
    broken: [lagging],
  });

  test.each<[string, readonly SentCall[], readonly string[]]>([
    ["lists lagged behind the first", [start("apply 1", 0, "lists lag behind"), start("apply 2", 2000)], [lagging]],
    ["no list lagged", [start("apply 1", 0), start("apply 2", 2000)], []],
    ["another fault had hit it", [start("apply 1", 0, "slow"), start("apply 2", 2000)], []],
    ["they could have shown it by then", [start("apply 1", 0, "lists lag behind"), start("apply 2", settle)], []],
    ["it was the same apply", [start("apply 1", 0, "lists lag behind"), start("apply 1", 2000)], []],
  ])("%s", (_, calls, inherent) => {
    const found = judge(evidence(calls));
    expect(found.inherent).toEqual(inherent);
    expect(found.violations.length === 0).toBe(inherent.length > 0);
  });
});

/** The index of a unique queue has nothing to refuse once a person has deleted the first (landing/5450). */
describe("an item of a unique queue that was added twice", () => {
  const item = (Id: number, Status: string): Json => ({
    Id,
    Key: `k${Id}`,
    Reference: "A",
    QueueDefinitionId: 101,
    Status,
  });
  const add = (sentAt: number): SentCall =>
    sent("apply 1", sentAt, "Queues/UiPathODataSvc.AddQueueItem", { itemData: { Reference: "A", Name: "Unique" } });
  const deletion = (sentAt: number): SentCall =>
    sent("person", sentAt, "QueueItems/UiPathODataSvc.DeleteBulk", { queueItems: [{ Id: 1, RowVersion: "A" }] });
  const evidence = (unique: boolean, calls: readonly SentCall[]): Evidence => ({
    ...quiet,
    wanted: {
      items: [{ queue: "Unique", queueId: 101, unique, references: ["A"], recreateDeleted: false }],
      runs: [],
      crowded: [],
    },
    after: { items: [item(1, "Deleted"), item(2, "New")], jobs: [], comments: [] },
    calls,
    touched: [1],
  });
  const name = "an item was deleted by hand, and an apply that was begun before added it";

  test("is an inherent case where a person deleted the first while its apply was at work", () => {
    expect(judge(evidence(true, [add(0), deletion(1000), add(2000)]))).toEqual({ violations: [], inherent: [name] });
  });

  test.each<[string, Evidence]>([
    ["nobody deleted it", evidence(true, [add(0), add(2000)])],
    ["the apply was begun after the delete", evidence(true, [deletion(0), add(1000), add(2000)])],
    ["no index refuses a second one", evidence(false, [add(0), deletion(1000), add(300_000)])],
  ])("is a violation where %s", (_, each) => {
    expect(judge(each).violations).toEqual(["Unique/A was added 2 times, 1 wanted: ids 1, 2"]);
  });
});

test("a comment hangs on an item once", () => {
  const comments = [1, 2].map((Id) => ({ Id, QueueItemId: 7, Text: "seen" }));
  const evidence = { ...quiet, wanted: { ...quiet.wanted, comment: "seen" }, after: { ...quiet.after, comments } };
  expect(judge(evidence).violations).toEqual(["item 7 has the comment 2 times: ids 1, 2"]);
  expect(judge({ ...evidence, before: evidence.after }).violations).toEqual([]);
});
