import { describe, expect, it } from "vitest";
import type { FaultRule, TenantSpec } from "../../src/emulator/index.ts";
import { converge, emulatorFor, linesOf } from "../support/contract.ts";
import { manifests, tenant } from "../support/server.ts";

/** One way of writing: what there is, what is wanted, and the call that does it. */
interface Way {
  readonly tenant: Partial<TenantSpec>;
  readonly manifest: string;
  readonly call: { readonly method: string; readonly path: string };
}

const { items, job, stopped, review } = manifests;
const post = (path: string) => ({ method: "POST", path });
const three = "items: [{ reference: A }, { reference: B }, { reference: C }]";
const unique = { name: "Q", uniqueReferences: true };
const item = (reference: string, content = {}) => ({ queue: "Q", reference, content });
const failedItem = (reference: string) => ({
  queue: "Q",
  reference,
  status: "Failed" as const,
  exception: { type: "BusinessException" as const, reason: "no" },
});
const failed = {
  queues: [{ name: "Q" }],
  users: [{ userName: "ana", reviewer: true }],
  items: [failedItem("X"), failedItem("Y")],
};
const run = { pending: "1ms", duration: "5ms", state: "Successful" as const };

const ways: Readonly<Record<string, Way>> = {
  "an add to a unique queue": {
    tenant: { queues: [unique] },
    manifest: items(`{ queue: Q, ${three} }`),
    call: post("*.BulkAddQueueItems"),
  },
  "an add that is all or nothing": {
    tenant: { queues: [unique] },
    manifest: items(`{ queue: Q, commit: AllOrNothing, ${three} }`),
    call: post("*.BulkAddQueueItems"),
  },
  "an add to another queue": {
    tenant: { queues: [{ name: "Q" }] },
    manifest: items(`{ queue: Q, seedUntil: never, ${three} }`),
    call: post("*.BulkAddQueueItems"),
  },
  "an update": {
    tenant: { queues: [unique], items: [item("A", { n: 1 })] },
    manifest: items("{ queue: Q, items: [{ reference: A, content: { n: 2 } }] }"),
    call: { method: "PUT", path: "QueueItems(*)" },
  },
  "a delete": {
    tenant: { queues: [unique], items: [item("A"), item("OLD-1"), item("OLD-2")] },
    manifest: items("{ queue: Q, prune: { referencePrefix: OLD }, items: [{ reference: A }] }"),
    call: post("*.DeleteBulk"),
  },
  "a start": {
    tenant: { processes: [{ name: "P", run }] },
    manifest: job("{ process: P, run: once, strategy: { type: Dynamic, count: 2 } }"),
    call: post("*.StartJobs"),
  },
  "a stop": {
    tenant: {
      processes: [{ name: "P", run: { duration: "1h", softStop: "5ms" } }],
      jobs: [{ process: "P", state: "Running" }],
    },
    manifest: stopped("{ select: { process: P } }"),
    call: post("*.StopJobs"),
  },
  "a reviewer": {
    tenant: failed,
    manifest: review("{ queue: Q, reviewers: [ana] }"),
    call: post("*.SetItemReviewer"),
  },
  "a review status": {
    tenant: failed,
    manifest: review("{ queue: Q, reviewStatus: InReview }"),
    call: post("*.SetItemReviewStatus"),
  },
};

/** Within the settle time of the target, which is 100 ms. */
const soon = "50ms";
const gatewayTimeout = { status: 504, shape: "page" } as const;

const days: Readonly<Record<string, FaultRule>> = {
  "its answer lost": { handle: "once", answer: "close" },
  "its answer cut": { answer: "cut" },
  "a page with 200 for an answer": { handle: "once", answer: "html" },
  "its answer lost, and lists that lag behind": { handle: "once", answer: "close", showLate: soon },
  "lists that lag behind": { showLate: soon },
  "handled late": { handle: { late: soon }, answer: gatewayTimeout },
};

describe.each(Object.entries(ways))("%s", (_way, { tenant: spec, manifest, call }) => {
  it.each(Object.entries(days))("with %s is done once, and the report says so", async (_day, fault) => {
    const emulator = await emulatorFor(tenant(spec), { faults: [{ match: call, times: 1, ...fault }] });
    const { first, report } = await converge(emulator, [manifest]);
    expect(report.outcomes.map(({ status }) => status)).toEqual(linesOf(first).map(() => "applied"));
    expect(emulator.faults.counts()).toMatchObject([{ hits: 1 }]);
    emulator.clock.advance(10_000);
    const again = await converge(emulator, [manifest]);
    expect(linesOf(again.first)).toEqual([]);
    const headers = { authorization: `Bearer ${emulator.token}` };
    for (const [list, expected] of [
      ["QueueItems", (spec.items?.length ?? 0) + linesOf(first).filter((line) => line.startsWith("create")).length],
      ["Jobs", (spec.jobs?.length ?? 0) + (linesOf(first).some((line) => line.startsWith("start")) ? 2 : 0)],
    ] as const) {
      const answer = await fetch(`${emulator.url}/odata/${list}`, { headers });
      expect(((await answer.json()) as { value: unknown[] }).value).toHaveLength(expected);
    }
  });
});
