import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { describeHolder, holderContent, leaseReference, readHolder } from "../../../src/kinds/lease/holder.ts";
import { judgeLease } from "../../../src/kinds/lease/judge.ts";
import {
  assumedStarts,
  entryContent,
  isAssumedStarted,
  isOnce,
  judgeStart,
  ledgerReference,
  rememberedStart,
  newestEntry,
  readEntry,
  startedText,
  type Assumption,
} from "../../../src/kinds/lease/ledger.ts";
import { unrememberedRun } from "../../../src/kinds/job/definition.ts";
import { unfitFor } from "../../../src/kinds/lease/queue.ts";
import type { LiveQueueItem, QueueItemStatus } from "../../../src/kinds/queue-items/live.ts";
import type { Content } from "../../../src/kinds/queue-items/spec.ts";

const now = new Date("2026-11-21T12:00:00Z");
const settle = 240_000;
const holder = { runId: "r", owner: "ana", since: "2026-11-21T11:50:00Z", until: "2026-11-21T12:00:00Z" };

function item(id: number, content: Content | undefined, status: QueueItemStatus = "New"): LiveQueueItem {
  const base = { id, key: String(id), reference: "x", status, retryNumber: 0, ancestorId: null, rowVersion: "v" };
  return content === undefined ? base : { ...base, content };
}

describe("a holder", () => {
  it.each([holder, { ...holder, runUrl: "https://ci.example/7" }])("is read as it was written: %j", (each) => {
    expect(readHolder(holderContent(each))).toEqual(each);
  });

  it.each<[string, Content | undefined]>([
    ["nothing", undefined],
    ["no run", { ...holderContent(holder), runId: 7 }],
    ["no owner", { ...holderContent(holder), owner: null }],
    ["no beginning", { ...holderContent(holder), since: 7 }],
    ["no end", { ...holderContent(holder), until: "soon" }],
  ])("is nobody with %s", (_name, content) => expect(readHolder(content)).toBeUndefined());

  it("is told with the page of his run", () => {
    expect(describeHolder(holder)).toBe("ana");
    expect(describeHolder({ ...holder, runUrl: "https://ci.example/7" })).toBe("ana (https://ci.example/7)");
    expect(leaseReference("default")).toBe("lease/default");
  });
});

describe("a lease's rows", () => {
  const at = (until: string): Content => holderContent({ ...holder, until });

  it("are free where all were deleted", () => {
    expect(judgeLease([], now, settle)).toEqual({ state: "free" });
    expect(judgeLease([item(1, at("2026-11-21T13:00:00Z"), "Deleted")], now, settle)).toEqual({ state: "free" });
  });

  it.each([
    ["2026-11-21T12:00:01.000Z", "held"],
    ["2026-11-21T11:56:00.000Z", "held"],
    ["2026-11-21T11:55:59.999Z", "over"],
  ])("that end at %s are %s: settle must have passed", (until, state) => {
    expect(judgeLease([item(1, at(until))], now, settle).state).toBe(state);
  });

  it("are touched where the newest is not as orch-sync writes it", () => {
    const rows = [item(1, at(holder.until)), item(2, at(holder.until), "Failed")];
    expect(judgeLease(rows, now, settle)).toMatchObject({ state: "touched", why: "item 2 is Failed" });
    expect(judgeLease([item(3, { a: 1 })], now, settle)).toMatchObject({ why: "item 3 does not say who holds it" });
  });
});

it("says all that keeps a queue from keeping a lease", () => {
  const queue = { id: 1, name: "q", enforceUniqueReference: true };
  expect(unfitFor(queue)).toEqual([]);
  const bad = { ...queue, enforceUniqueReference: false, retries: 2, contentSchema: "{}", hasTrigger: true } as const;
  expect(unfitFor(bad)).toEqual([
    "it does not enforce unique references",
    "it retries failed items",
    "it has a trigger",
    "it has a JSON schema for content",
  ]);
  expect(unfitFor({ ...queue, hasTrigger: true, triggerProcess: "P" })).toEqual(["it has a trigger that starts P"]);
});

describe("a ledger", () => {
  const entry = { state: "started", owner: "ana", sentAt: "2026-11-21T11:00:00.000Z", jobs: [7, 8] } as const;
  const start = {
    action: "start",
    key: { kind: "Job", folder: "F", name: "smoke" },
    label: "",
    summary: "start P",
    run: "first",
    after: {},
    fields: [],
    precondition: { type: "absent" },
  } as const satisfies Change;
  const judged = (content: Content, assume?: Assumption, status?: QueueItemStatus): Change =>
    judgeStart(start, item(1, content, status), now, assume);

  it("names runs by folder and run key, within the 128 characters that a reference may have", () => {
    const key = "2F7F3C1E-9A1B-4D5E-8C6F-0123456789AB";
    expect(ledgerReference(key, "smoke@once")).toBe("run/2f7f3c1e-9a1b-4d5e-8c6f-0123456789ab/smoke@once");
    expect(ledgerReference(key, `${"n".repeat(63)}@0123456789ab#9999`).length).toBeLessThanOrEqual(128);
    expect([isOnce("a@once"), isOnce("a@0123456789ab#2"), isOnce("a@")]).toEqual([true, true, false]);
  });

  it("reads entries as they were written, and nothing else", () => {
    expect(readEntry({ content: entryContent(entry) })).toEqual(entry);
    const sent = { ...entry, state: "sent", jobs: [] } as const;
    expect(readEntry({ content: entryContent(sent) })).toEqual(sent);
    expect(readEntry({ content: { state: "sent", sentAt: entry.sentAt } })?.owner).toBe("somebody");
    for (const content of [undefined, { state: "x" }, { state: "sent" }, { state: "sent", sentAt: "soon" }]) {
      expect(readEntry(content === undefined ? {} : { content })).toBeUndefined();
    }
    expect(startedText(sent)).toBe("started by ana at 2026-11-21 11:00Z, by the ledger");
  });

  it("counts the newest entry that was not deleted", () => {
    expect(newestEntry([])).toBeUndefined();
    expect(newestEntry([item(1, {}), item(2, {}), item(3, {}, "Deleted")])?.id).toBe(2);
  });

  it("takes the warning of retention from a start, and no other", () => {
    expect(rememberedStart(start)).toBe(start);
    expect(rememberedStart({ ...start, warnings: [unrememberedRun] })).toEqual(start);
    const other = { ...start, warnings: ["the process has no robot"] };
    expect(rememberedStart({ ...other, warnings: [unrememberedRun, ...other.warnings] })).toEqual(other);
  });

  it("keeps a run that was started in line", () => {
    expect(judged(entryContent(entry))).toMatchObject({
      action: "no-op",
      summary: "started by ana at 2026-11-21 11:00Z (job 7, 8), by the ledger",
    });
  });

  it.each<[string, Assumption | undefined, string]>([
    ["2026-11-20T12:00:00.000Z", undefined, "start"],
    ["2026-11-20T12:00:00.000Z", "started", "start"],
    ["2026-11-20T11:59:59.999Z", undefined, "blocked"],
    ["2026-11-20T11:59:59.999Z", "started", "no-op"],
    ["2026-11-20T11:59:59.999Z", "not-started", "start"],
  ])("of a start sent at %s, with --assume %s, makes %s", (sentAt, assume, action) => {
    const change = judged(entryContent({ ...entry, state: "sent", sentAt, jobs: [] }), assume);
    const warned = change.warnings?.some((text) => text.includes("no job of it is there")) ?? false;
    expect([change.action, warned]).toEqual([action, action === "start"]);
  });

  it("blocks what it cannot read", () => {
    expect(judged({ a: 1 }).action).toBe("blocked");
    expect(judged(entryContent(entry), undefined, "Failed").action).toBe("blocked");
  });
});

it.each<[string, Assumption | undefined, QueueItemStatus, boolean]>([
  ["2026-11-20T11:59:59.999Z", "started", "New", true],
  ["2026-11-20T12:00:00.000Z", "started", "New", false],
  ["2026-11-20T11:59:59.999Z", "not-started", "New", false],
  ["2026-11-20T11:59:59.999Z", undefined, "New", false],
  ["2026-11-20T11:59:59.999Z", "started", "Deleted", false],
])("of a start sent at %s, with --assume %s, in an item that is %s, is taken for one that happened: %s", (...row) => {
  const [sentAt, assume, status, is] = row;
  const sent = { state: "sent", sentAt, jobs: [], owner: "ana", run: "r" } as never;
  expect(isAssumedStarted(item(1, entryContent(sent), status), now, assume)).toBe(is);
});

it("plans say which starts are assumed, and nothing else is taken for that", () => {
  const observed = [
    { assumed: { item: 7, reference: "job@once" } },
    { assumed: { item: "7", reference: "job@once" } },
    { assumed: { item: 7 } },
    { assumed: true },
    {},
  ].map((each) => ({ observed: each }));
  expect(assumedStarts(observed)).toEqual([{ item: 7, reference: "job@once" }]);
});
