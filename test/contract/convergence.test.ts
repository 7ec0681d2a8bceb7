import { describe, expect, it } from "vitest";
import type { TenantSpec } from "../../src/emulator/index.ts";
import { judgeWrites, sentEffects } from "../checker/writes.ts";
import { converge, editions, emulatorFor, linesOf } from "../support/contract.ts";
import { manifests, tenant } from "../support/server.ts";

interface Case {
  readonly name: string;
  readonly tenant: Partial<TenantSpec>;
  readonly manifests: readonly string[];
  /** The first plan's lines. */
  readonly lines: readonly string[];
}

const { items, job, stopped, review } = manifests;

const unique = { queues: [{ name: "Q", folder: "Finance", uniqueReferences: true, maxRetries: 1 }] };
const plain = { queues: [{ name: "Q", folder: "Finance" }] };
const item = (reference: string, fields: object = {}) => ({ queue: "Q", folder: "Finance", reference, ...fields });
const quick = {
  name: "P",
  folder: "Finance",
  run: { pending: "20ms", duration: "50ms", state: "Successful" as const },
};
const reviewers = {
  users: [
    { userName: "ana", email: "ana@corp.example", reviewer: true, folders: ["Finance"] },
    { userName: "ion", email: "ion@corp.example", reviewer: true, folders: ["Finance"] },
  ],
};
const failed = (reference: string, fields: object = {}) =>
  item(reference, { status: "Failed", exception: { type: "BusinessException", reason: "no" }, ...fields });

const many = Array.from({ length: 2500 }, (_, index) => `{ reference: R-${index}, content: { n: ${index} } }`).join(
  ", ",
);

const cases: readonly Case[] = [
  {
    name: "one item alone",
    tenant: unique,
    manifests: [items("{ queue: Q, items: [{ reference: A, content: { n: 1 } }] }")],
    lines: ["create A"],
  },
  {
    name: "every field of an item",
    tenant: unique,
    manifests: [
      items(`{ queue: q, typeHints: true, items: [
      { reference: "Ä/ö 'x' & #1", priority: Low, dueDate: "2030-01-01T00:00:00+02:00", deferDate: 2029-12-31T10:00:00.5Z,
        riskSlaDate: 2029-12-31T20:00:00Z, content: { text: "O'Brian", number: 12.5, yes: true, nothing: null, when: "2030-01-01T00:00:00.000Z" } },
      { reference: B }] }`),
    ],
    lines: ["create Ä/ö 'x' & #1", "create B"],
  },
  {
    name: "2,500 items in batches",
    tenant: unique,
    manifests: [items(`{ queue: Q, items: [${many}] }`)],
    lines: Array.from({ length: 2500 }, (_, index) => `create R-${index}`),
  },
  {
    name: "a queue without unique references",
    tenant: plain,
    manifests: [items("{ queue: Q, seedUntil: never, items: [{ reference: A }, { reference: B }] }")],
    lines: ["create A", "create B"],
  },
  {
    name: "all or nothing",
    tenant: unique,
    manifests: [items("{ queue: Q, commit: AllOrNothing, items: [{ reference: A }, { reference: B }] }")],
    lines: ["create A", "create B"],
  },
  {
    name: "stop on the first failure",
    tenant: unique,
    manifests: [items("{ queue: Q, commit: StopOnFirstFailure, items: [{ reference: A }, { reference: B }] }")],
    lines: ["create A", "create B"],
  },
  {
    name: "any order",
    tenant: unique,
    manifests: [items("{ queue: Q, order: any, items: [{ reference: A }, { reference: B }] }")],
    lines: ["create A", "create B"],
  },
  {
    name: "references from content",
    tenant: unique,
    manifests: [items("{ queue: Q, references: fromContent, items: [{ content: { n: 1 } }, { content: { n: 2 } }] }")],
    lines: ["create c-2bfd14f43d17fc7cea24e091", "create c-363379742f80b51bdb920657"],
  },
  {
    name: "update, delete, in line and processed, in one queue",
    tenant: {
      ...unique,
      items: [
        item("A", { priority: "Normal", content: { n: 1, keep: "x" }, progress: "half" }),
        item("B", { priority: "High", content: { n: 1 } }),
        item("OLD"),
        item("DONE", { status: "Successful", content: { n: 0 } }),
      ],
    },
    manifests: [
      items(
        "{ queue: Q, prune: { referencePrefix: OL }, items: [{ reference: A, content: { n: 2 } }, { reference: B, content: { n: 1 } }, { reference: DONE, content: { n: 9 } }, { reference: NEW }] }",
      ),
    ],
    lines: ["update A", "create NEW", "delete OLD (3)"],
  },
  {
    name: "dates that are cleared and moved",
    tenant: {
      ...unique,
      items: [item("A", { priority: "Normal", dueDate: "2030-01-01T00:00:00Z", deferDate: "2029-01-01T00:00:00Z" })],
    },
    manifests: [items("{ queue: Q, items: [{ reference: A, dueDate: null, deferDate: 2029-06-01T00:00:00Z }] }")],
    lines: ["update A"],
  },
  {
    name: "a deleted item, created again",
    tenant: { ...unique, items: [item("A", { status: "Deleted" })] },
    manifests: [items("{ queue: Q, recreateDeleted: true, items: [{ reference: A }] }")],
    lines: ["create A"],
  },
  {
    name: "a job that is waited for",
    tenant: { processes: [quick] },
    manifests: [job("{ process: p, inputArguments: { month: March, n: 3 } }")],
    lines: ["start Job/smoke"],
  },
  {
    name: "a job once, three at a time",
    tenant: { processes: [quick] },
    manifests: [job("{ process: P, run: once, strategy: { type: Dynamic, count: 3 } }")],
    lines: ["start Job/smoke"],
  },
  {
    name: "a job that nobody waits for",
    tenant: { processes: [{ ...quick, run: { pending: "20ms", duration: "1h" } }] },
    manifests: [job("{ process: P, wait: { until: none } }")],
    lines: ["start Job/smoke"],
  },
  {
    name: "a job that has begun",
    tenant: { processes: [{ ...quick, run: { pending: "20ms", duration: "1h" } }] },
    manifests: [job("{ process: P, wait: { until: started } }")],
    lines: ["start Job/smoke"],
  },
  {
    name: "a job on a robot",
    tenant: {
      processes: [quick],
      machines: [{ name: "VM" }],
      robots: [{ name: "DocBot", machine: "VM", folders: ["Finance"], type: "Unattended" }],
    },
    manifests: [
      job(
        "{ process: P, strategy: { type: Specific, robots: [docbot] }, runtimeType: Unattended, priority: High, requiresUserInteraction: false }",
      ),
    ],
    lines: ["start Job/smoke"],
  },
  {
    name: "a job on machines, with a priority and times of its own",
    tenant: {
      processes: [quick],
      machines: [{ name: "VM-01" }],
      robots: [{ name: "DocBot", machine: "VM-01", userName: "bot.finance", folders: ["Finance"], type: "Unattended" }],
    },
    manifests: [
      job(
        "{ process: P, strategy: { type: JobsCount, count: 2 }, priority: 70, machines: [{ machine: vm-01, account: bot.finance }], stopAfter: 30m, killAfter: 5m, runAsMe: false }",
      ),
    ],
    lines: ["start Job/smoke"],
  },
  {
    name: "jobs of a classic folder, on each robot, on one, and by account",
    tenant: {
      folders: [{ path: "Finance", type: "classic" }],
      machines: [{ name: "VM" }],
      robots: [
        { name: "A", machine: "VM", userName: "bot.a", folders: ["Finance"], type: "Unattended" },
        { name: "B", machine: "VM", userName: "bot.b", folders: ["Finance"], type: "Unattended" },
      ],
      environments: [{ name: "E", folder: "Finance", robots: ["A", "B"] }],
      processes: [{ ...quick, environment: "E" }],
    },
    manifests: [
      job("{ process: P, strategy: { type: All } }", "all"),
      job("{ process: P, strategy: { type: RobotCount, count: 1 }, dependsOn: [Job/all] }", "one"),
      job("{ process: P, strategy: { type: Specific, robots: [bot.b] }, dependsOn: [Job/one] }", "account"),
      job("{ process: P, strategy: { type: Dynamic, count: 2 }, dependsOn: [Job/account] }", "two"),
    ],
    lines: ["start Job/all", "start Job/one", "start Job/account", "start Job/two"],
  },
  {
    name: "a job that stops the others of its process",
    tenant: {
      processes: [{ ...quick, run: { ...quick.run, softStop: "30ms", cases: [{ when: { n: 1 }, duration: "1d" }] } }],
      jobs: [{ process: "P", folder: "Finance", state: "Running", inputArguments: { n: 1 }, count: 2 }],
    },
    manifests: [job("{ process: P, concurrency: stopOthers }")],
    lines: ["stop job 1", "stop job 2", "start Job/smoke"],
  },
  {
    name: "a job again after a failure",
    tenant: {
      processes: [quick],
      jobs: [{ process: "P", folder: "Finance", state: "Faulted", reference: "smoke@once" }],
    },
    manifests: [job("{ process: P, run: once, onPreviousFailure: rerun }")],
    lines: ["start Job/smoke"],
  },
  {
    name: "jobs and items that depend on each other",
    tenant: { ...unique, processes: [quick] },
    manifests: [
      job("{ process: P, dependsOn: [QueueItems/march] }"),
      items("{ queue: Q, items: [{ reference: A }] }"),
      job("{ process: P, dependsOn: [Job/smoke] }", "after"),
    ],
    lines: ["create A", "start Job/smoke", "start Job/after"],
  },
  {
    name: "jobs that are stopped",
    tenant: {
      processes: [
        { name: "Legacy", folder: "Finance", run: { pending: "20ms", duration: "1d", softStop: "50ms" } },
        quick,
      ],
      jobs: [
        { process: "Legacy", folder: "Finance", state: "Running" },
        { process: "Legacy", folder: "Finance", state: "Pending" },
        { process: "Legacy", folder: "Finance", state: "Successful" },
        { process: "P", folder: "Finance", state: "Running" },
      ],
    },
    manifests: [stopped("{ select: { process: Legacy } }")],
    lines: ["stop job 1", "stop job 2"],
  },
  {
    name: "jobs that are killed by id",
    tenant: {
      processes: [{ name: "Legacy", folder: "Finance", run: { pending: "20ms", duration: "1d" } }],
      jobs: [{ process: "Legacy", folder: "Finance", state: "Running", count: 3 }],
    },
    manifests: [stopped("{ select: { ids: [1, 3] }, strategy: Kill }")],
    lines: ["stop job 1", "stop job 3"],
  },
  {
    name: "jobs that do not stop when they are asked to",
    tenant: {
      processes: [{ name: "Legacy", folder: "Finance", run: { pending: "20ms", duration: "1d", softStop: "1d" } }],
      jobs: [{ process: "Legacy", folder: "Finance", state: "Running", count: 2 }],
    },
    manifests: [stopped("{ select: { process: Legacy }, escalateAfter: 60ms }")],
    lines: ["stop job 1", "stop job 2"],
  },
  {
    name: "reviewer and review status",
    tenant: {
      ...unique,
      ...reviewers,
      items: [
        failed("A"),
        failed("B"),
        failed("C", { reviewer: "ion" }),
        failed("D", { status: "Abandoned" }),
        item("E"),
      ],
    },
    manifests: [review("{ queue: Q, reviewers: [ana@corp.example, ion], reviewStatus: InReview }")],
    lines: ["assign A (1)", "assign B (2)", "assign C (3)", "assign D (4)"],
  },
  {
    name: "review status alone, and a selection that the change leaves",
    tenant: { ...unique, ...reviewers, items: [failed("A"), failed("B", { reviewStatus: "InReview" })] },
    manifests: [review("{ queue: Q, select: { reviewStatus: [None] }, reviewStatus: Verified }")],
    lines: ["assign A (1)"],
  },
  {
    name: "reviewers taken away",
    tenant: { ...unique, ...reviewers, items: [failed("A", { reviewer: "ana" }), failed("B")] },
    manifests: [review("{ queue: Q, unassign: true }")],
    lines: ["assign A (1)"],
  },
];

describe.each(editions)("apply, then plan again: nothing to do, on %s", (edition) => {
  it.each(cases)("$name", async ({ tenant: spec, manifests: texts, lines }) => {
    const emulator = await emulatorFor(tenant(spec), { edition, strictApi: true });
    const { first, report, second, planned, applied } = await converge(emulator, texts);

    expect(linesOf(first)).toEqual(lines);
    expect(sentEffects(planned), "planning writes nothing").toEqual([]);
    expect(judgeWrites(first as never, applied), "the writes are the plan's, all of them, once each").toEqual([]);
    const { applied: done, ...rest } = report.counts;
    expect([done, rest]).toEqual([lines.length, { "already-done": 0, failed: 0, skipped: 0, unknown: 0 }]);
    expect(linesOf(second)).toEqual([]);
  });
});
