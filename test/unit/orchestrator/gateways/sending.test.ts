import { expect, test } from "vitest";
import type { Change } from "../../../../src/core/change.ts";
import type { Kind } from "../../../../src/core/resource.ts";
import { gateways } from "../../../../src/orchestrator/index.ts";
import { applyRun, folder, planned, readerFor, serve, signal } from "../support.ts";

const before = {
  id: 7,
  reference: "A",
  rowVersion: "AAE=",
  content: {},
  reviewer: null,
  reviewStatus: "None",
  process: "Old",
  state: "Running",
};
const queue = {
  queueId: 188,
  queueName: "Q",
  unique: true,
  commit: "ProcessAllIndependently",
  order: "manifest",
  typeHints: false,
};
const job = { releaseKey: "k", process: "P", expected: 1, wait: { until: "none", timeout: 1, success: [] } };
const start = { runKey: "r@once", releaseKey: "k", process: "P", strategy: { type: "ModernJobsCount", count: 1 } };
const row = {
  Id: 7,
  Reference: "A",
  Status: "New",
  RetryNumber: 0,
  AncestorId: null,
  SpecificContent: {},
  RowVersion: "AAE=",
};

function change(kind: Kind, action: Change["action"], members: object): Change {
  const key = { kind, folder: folder.path, name: "r", entry: "A" };
  const precondition = { type: "version", id: 7, rowVersion: "AAE=" };
  return { key, label: "A", summary: "", action, fields: [], precondition, before, ...members } as unknown as Change;
}

/** Every write that orch-sync sends. A new one joins with a row: none may leave without its journal and leave. */
const writes: readonly (readonly [name: string, kind: Kind, settings: object, changes: readonly Change[]])[] = [
  [
    "AddQueueItem",
    "QueueItems",
    queue,
    [change("QueueItems", "create", { after: { reference: "A", priority: "Low" } })],
  ],
  [
    "BulkAddQueueItems",
    "QueueItems",
    queue,
    ["A", "B"].map((reference) => change("QueueItems", "create", { after: { reference, priority: "Low" } })),
  ],
  ["QueueItems PUT", "QueueItems", queue, [change("QueueItems", "update", { after: { ...before, priority: "High" } })]],
  ["DeleteBulk", "QueueItems", queue, [change("QueueItems", "delete", {})]],
  ["StartJobs", "Job", job, [change("Job", "start", { run: "first", after: start })]],
  ["StopJobs", "StoppedJobs", { strategy: "Kill", states: ["Running"] }, [change("StoppedJobs", "stop", {})]],
  ["SetItemReviewer", "Review", queue, [change("Review", "assign", { after: { reviewer: { id: 1, name: "ana" } } })]],
  ["UnsetItemReviewer", "Review", queue, [change("Review", "assign", { after: { reviewer: null } })]],
  ["SetItemReviewStatus", "Review", queue, [change("Review", "assign", { after: { reviewStatus: "InReview" } })]],
  ["QueueItemComments", "Review", queue, [change("Review", "assign", { after: { comment: "hello" } })]],
];

test.each(writes)(
  "%s is asked about right before it leaves, and stays when it may not",
  async (name, kind, settings, changes) => {
    await using server = await serve(({ path }) => ({ json: path.endsWith("(7)") ? row : { value: [] } }));
    const operations = gateways[kind].operations(
      planned(kind, settings as never, changes),
      applyRun(readerFor(server.url)),
    );
    const operation = operations.find((each) => each.name === name);
    let asked = 0;
    const held = {
      batch: 1,
      looking: signal,
      before: async () => Promise.resolve(++asked > 0 ? "not now" : undefined),
    };
    const answer = await operation?.send(changes, signal, held);
    expect(answer).toMatchObject({ ending: "refused", fault: { kind: "cancelled", message: "not now" } });
    expect(asked).toBe(1);
    expect(server.seen.filter(({ method }) => method !== "GET")).toEqual([]);
  },
);
