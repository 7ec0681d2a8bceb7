import { describe, expect, it, onTestFinished } from "vitest";
import type { EventBody } from "../../../../src/core/events.ts";
import { startEmulator, type Emulator, type FaultRule, type TenantSpec } from "../../../../src/emulator/index.ts";
import { leaseReference, readHolder } from "../../../../src/kinds/lease/holder.ts";
import { connect } from "../../../../src/orchestrator/index.ts";
import { findLeaseQueue, openLeaseQueue, type LeaseQueue } from "../../../../src/orchestrator/lease/lease-queue.ts";
import type { Lease } from "../../../../src/workflow/apply/lease/hold.ts";
import { takeLease } from "../../../../src/workflow/apply/lease/take.ts";
import type { LeaseTimes } from "../../../../src/workflow/apply/lease/world.ts";
import { LinkedClock } from "../../../support/linked-clock.ts";
import { tenant } from "../../../support/server.ts";

const minute = 60_000;
const times: LeaseTimes = {
  ttl: 10 * minute,
  request: minute,
  settle: 4 * minute,
  poll: 5000,
  lockTimeout: 60 * minute,
};
const signal = new AbortController().signal;
const reference = leaseReference("default");

interface Runner {
  readonly take: () => Promise<Lease>;
  readonly events: EventBody[];
  readonly draining: AbortController;
  readonly queue: LeaseQueue;
}

/** A tenant with a queue for leases, its clock, and runs that want the lease. */
async function place(spec: Partial<TenantSpec> = {}): Promise<{
  readonly emulator: Emulator;
  readonly clock: LinkedClock;
  readonly runner: (runId: string, own?: Partial<LeaseTimes>, token?: string) => Promise<Runner>;
  readonly items: () => Promise<{ status: string; runId: string | undefined; deferDate: unknown; dueDate: unknown }[]>;
}> {
  const emulator = await startEmulator({
    listen: false,
    tenant: tenant({
      clock: { start: "2026-11-21T10:00:00Z", mode: "manual" },
      queues: [{ name: "lock", folder: "Finance", uniqueReferences: true, maxRetries: 0, autoRetry: false }],
      ...spec,
    }),
  });
  onTestFinished(() => emulator.close());
  const clock = new LinkedClock(emulator);
  const open = async (token = emulator.token): Promise<LeaseQueue> => {
    const { fetch, url: baseUrl } = emulator;
    const { reader } = connect({ baseUrl, auth: { type: "token", token }, clock, fetch, userAgent: "test" });
    const found = await findLeaseQueue({ folder: "Finance", queue: "lock" }, reader, signal);
    if ("unknown" in found) throw new Error(found.unknown);
    return openLeaseQueue(found.folder, found.queue, reader);
  };
  const own = await open();
  return {
    emulator,
    clock,
    runner: async (runId, ownTimes = {}, token) => {
      const queue = await open(token);
      const events: EventBody[] = [];
      const draining = new AbortController();
      const runner = { runId, owner: `${runId}@ci` };
      const emit = (event: EventBody): void => void events.push(event);
      const world = {
        queue,
        reference,
        runner,
        clock,
        times: { ...times, ...ownTimes },
        emit,
        draining: draining.signal,
        signal,
      };
      return { take: () => takeLease(world), events, draining, queue };
    },
    items: async () =>
      (await own.newest(reference, signal)).map(({ status, content, deferDate, dueDate }) => ({
        status,
        runId: readHolder(content)?.runId,
        deferDate,
        dueDate,
      })),
  };
}

const writes = (emulator: Emulator): string[] =>
  emulator
    .requests()
    .flatMap(({ method, path }) => (method === "GET" ? [] : [`${method} ${path.replace(/.*[/.]/, "")}`]));

function breaks(path: string, rule: FaultRule, often = 1): FaultRule[] {
  return [{ match: { path: `*${path}` }, times: often, ...rule }];
}

describe("a lease", () => {
  it("is an item that no robot gets, and is gone when it was given back", async () => {
    const { runner, items, emulator } = await place();
    const a = await runner("a");
    const lease = await a.take();
    expect(await items()).toEqual([{ status: "New", runId: "a", deferDate: "2036-11-21T10:00:00Z", dueDate: null }]);
    expect(await lease.permit()).toBeUndefined();
    await lease.release();
    expect((await items()).map(({ status }) => status)).toEqual(["Deleted"]);
    expect(writes(emulator)).toEqual([
      "POST DeleteBulk",
      "POST AddQueueItem",
      expect.stringMatching(/^PUT QueueItems\(\d+\)$/),
      "POST DeleteBulk",
    ]);
    await (await (await runner("b")).take()).release();
    expect(a.events).toEqual([]);
  });

  it("is renewed at a third of its life, for as long as it is held", async () => {
    const { runner, emulator, clock } = await place();
    const lease = await (await runner("a")).take();
    const puts = (): number => writes(emulator).filter((line) => line.startsWith("PUT")).length;
    await clock.advance(times.ttl / 3 - 1000);
    expect(puts()).toBe(1);
    await clock.advance(1000);
    expect(puts()).toBe(2);
    await clock.advance(60 * minute);
    expect(puts()).toBe(20);
    expect(await lease.permit()).toBeUndefined();
    await lease.release();
    await clock.advance(60 * minute);
    expect(puts()).toBe(20);
  });

  it("makes a second apply wait, which says for whom, and takes it when it was given back", async () => {
    const { runner, clock, items } = await place();
    const [a, b] = [await runner("a"), await runner("b")];
    const held = await a.take();
    const waiting = b.take();
    await clock.advance(30 * minute);
    expect(b.events).toEqual([{ type: "waiting", reason: "lease", holder: "a@ci", until: "2026-11-21T11:00:00.000Z" }]);
    await held.release();
    await clock.advance(times.poll);
    const taken = await waiting;
    expect((await items()).filter(({ status }) => status === "New")).toMatchObject([{ runId: "b" }]);
    expect(b.events.at(-1)).toEqual({ type: "waited" });
    await taken.release();
  });

  it("is taken up at once by the run that holds it: one that was cut off and is carried on", async () => {
    const { runner, items, clock } = await place();
    await (await runner("a")).take();
    const again = await (await runner("a", { lockTimeout: 0 })).take();
    expect((await items()).map(({ status, runId }) => `${runId} ${status}`)).toEqual(["a New"]);
    expect(await again.permit()).toBeUndefined();
    const other = (await runner("b", { lockTimeout: 0 })).take().catch((error: unknown) => error);
    await clock.advance(1);
    expect(await other).toMatchObject({ name: "WaitTimeoutError" });
    await again.release();
    expect((await items()).map(({ status }) => status)).toEqual(["Deleted"]);
  });

  it("is waited for only so long", async () => {
    const { runner, clock } = await place();
    const held = await (await runner("a")).take();
    const waiting = (await runner("b", { lockTimeout: minute })).take().catch((error: unknown) => error);
    await clock.advance(minute);
    expect(await waiting).toMatchObject({
      name: "WaitTimeoutError",
      message: "the lease is held by a@ci, and --lock-timeout (60 s) ran out",
    });
    await held.release();
  });

  it("is not waited for any longer when the run is to end", async () => {
    const { runner, clock, items } = await place();
    const held = await (await runner("a")).take();
    const b = await runner("b");
    const waiting = b.take().catch((error: unknown) => error);
    await clock.advance(minute);
    b.draining.abort("signal");
    expect(await waiting).toMatchObject({ name: "CancelledError", message: "interrupted before anything was written" });
    await held.release();
    expect((await items()).map(({ status }) => status)).toEqual(["Deleted"]);
  });

  it("of a run that died is ended by the next one, when it was over for as long as a write may still commit", async () => {
    const { runner, clock, items, emulator } = await place();
    const dead = await runner("dead");
    const lease = await dead.take();
    emulator.faults.set([{ match: { method: "PUT" }, handle: "no", answer: { status: 503 } }]); // it renews nothing any more
    const b = (await runner("b")).take();
    let taken = false;
    void b.then(() => (taken = true));
    await clock.advance(times.ttl);
    expect(taken).toBe(false);
    emulator.faults.clear();
    await clock.advance(times.settle);
    expect(taken).toBe(false);
    await clock.advance(2 * times.poll);
    expect(taken).toBe(true);
    expect((await items()).map(({ status, runId }) => `${runId} ${status}`)).toEqual(["b New", "dead Deleted"]);
    expect(await lease.permit()).toMatch(/^the lease was lost: it could not be renewed before it was over$/);
    await (await b).release();
  });

  it("that somebody else has ended stops all writing", async () => {
    const { runner, clock, items } = await place();
    const a = await runner("a");
    const lease = await a.take();
    const [item] = await a.queue.newest(reference, signal);
    if (item === undefined) throw new Error("no item");
    expect(await a.queue.remove(item, signal)).toMatchObject({ ending: "done" });
    await clock.advance(times.ttl / 3);
    const why = `the lease was lost: its item ${item.id} is Deleted`;
    expect(await lease.permit()).toBe(why);
    expect(a.events).toEqual([{ type: "lease", text: `${why}; nothing more is written` }]);
    await (await (await runner("b")).take()).release();
    await lease.release(); // not ours any more: nothing is sent
    expect((await items()).map(({ status }) => status)).toEqual(["Deleted", "Deleted"]);
  });

  it("permits no write that it would not outlive", async () => {
    const { runner, clock, emulator } = await place();
    const lease = await (await runner("a")).take();
    emulator.faults.set([{ match: { method: "PUT" }, handle: "no", answer: { status: 409, errorCode: 1009 } }]);
    await clock.advance(times.ttl - times.request - times.settle);
    expect(await lease.permit()).toBeUndefined();
    await clock.advance(1000);
    expect(await lease.permit()).toBe("the lease could not be renewed in time");
    emulator.faults.clear();
    expect(await lease.permit()).toBeUndefined();
    await lease.release();
  });

  it("stays, as one that is over, while a write of the run may still commit", async () => {
    const { runner, clock } = await place();
    const a = await runner("a");
    const lease = await a.take();
    const openUntil = new Date(clock.now().getTime() + times.settle);
    await lease.release(openUntil);
    expect(a.events).toEqual([
      {
        type: "lease",
        text: `the lease stays until nothing of this apply can be done late: ${openUntil.toISOString()}`,
      },
    ]);
    const b = (await runner("b")).take();
    let taken = false;
    void b.then(() => (taken = true));
    await clock.advance(times.settle - times.poll);
    expect(taken).toBe(false);
    await clock.advance(2 * times.poll);
    expect(taken).toBe(true);
    await (await b).release();
  });

  it.each<[string, FaultRule[]]>([
    ["an add whose answer is lost", breaks("AddQueueItem", { handle: "once", answer: "close" })],
    ["an add that never arrives", breaks("AddQueueItem", { handle: "no", answer: "close" })],
    ["an add that is handled twice", breaks("AddQueueItem", { handle: "twice", answer: { status: 502 } })],
    [
      "a renewal whose answer is lost",
      breaks("QueueItems(*)", { match: { method: "PUT" }, handle: "once", answer: "close" }),
    ],
    ["a release whose answer is lost", [{ match: { path: "*DeleteBulk", calls: 2 }, handle: "once", answer: "close" }]],
    ["a release that never arrives", [{ match: { path: "*DeleteBulk", calls: 2 }, handle: "no", answer: "close" }]],
  ])("survives %s", async (_name, rules) => {
    const { runner, emulator, items } = await place();
    emulator.faults.set(rules);
    const lease = await (await runner("a")).take();
    expect((await items()).map(({ status, runId }) => `${runId} ${status}`)).toEqual(["a New"]);
    await lease.release();
    expect((await items()).map(({ status, runId }) => `${runId} ${status}`)).toEqual(["a Deleted"]);
  });

  it("cannot be taken where the server never answers, and nothing of it stays", async () => {
    const { runner, emulator, items } = await place();
    emulator.faults.set(breaks("AddQueueItem", { handle: "no", answer: "close" }, 9));
    await expect((await runner("a")).take()).rejects.toThrow(
      "the lease could not be taken: the server does not answer",
    );
    emulator.faults.clear();
    expect(await items()).toEqual([]);
  });

  it("that a robot has touched is left alone", async () => {
    const { runner } = await place({
      items: [{ queue: "lock", folder: "Finance", reference, status: "Failed", content: { a: 1 } }],
    });
    await expect((await runner("a")).take()).rejects.toThrow(/^the lease cannot be taken: item \d+ is Failed$/);
  });

  it("whose reference retention keeps taken is refused with what helps", async () => {
    const { runner, clock } = await place({
      queues: [{ name: "lock", folder: "Finance", uniqueReferences: true, retention: { newDays: 1 } }],
      items: [{ queue: "lock", folder: "Finance", reference, status: "New", created: "2026-11-01T00:00:00Z" }],
    });
    await clock.advance(24 * 60 * minute);
    const taking = (await runner("a")).take().catch((error: unknown) => error);
    await clock.advance(minute);
    expect(await taking).toMatchObject({
      message: "the lease cannot be taken: its reference lease/default is used and has no item",
      hint: expect.stringContaining("lease.name") as unknown,
    });
  });

  it.each([
    ["Create", "AddQueueItem"],
    ["Edit", "QueueItems"],
    ["Delete", "DeleteBulk"],
  ])("needs Transactions.%s, and leaves nothing behind without it", async (lacking, call) => {
    const all = [
      "Queues.View",
      "Queues.Edit",
      "Transactions.View",
      "Transactions.Create",
      "Transactions.Edit",
      "Transactions.Delete",
    ];
    const { runner, emulator, items } = await place({
      users: [
        {
          userName: "ci",
          permissions: [{ names: [...all, "Units.View"].filter((name) => name !== `Transactions.${lacking}`) }],
        },
      ],
    });
    const taking = (await runner("a", {}, emulator.tokenFor("ci"))).take();
    await expect(taking).rejects.toMatchObject({
      name: "AuthError",
      message: expect.stringContaining(call) as unknown,
      hint: expect.stringContaining(`Transactions.${lacking}`) as unknown,
    });
    expect((await items()).filter(({ status }) => status !== "Deleted")).toEqual([]);
  });
});
