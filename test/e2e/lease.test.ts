import { describe, expect, it, vi } from "vitest";
import type { Emulator, FaultRule, TenantSpec } from "../../src/emulator/index.ts";
import { manifests, tenant, workplace, type Workplace } from "../support/server.ts";

const lock = { name: "lock", folder: "Finance", uniqueReferences: true, maxRetries: 0, autoRetry: false } as const;
const plain = { name: "Plain", folder: "Finance" } as const;
const timing = "timing: { request: 2s, settle: 300ms, poll: 50ms }";
const target = `${timing}, lease: { queue: lock, folder: Finance, ttl: 4s }`;
const files = {
  "manifests/a.yaml": manifests.items(
    "{ queue: Plain, seedUntil: never, items: [{ reference: A }, { reference: B }] }",
  ),
};

/** A project whose target has a lease, and items for a queue that itself refuses no second one. */
async function place(
  faults: readonly FaultRule[] = [],
  spec: Partial<TenantSpec> = {},
  own: string = target,
): Promise<Workplace> {
  return workplace({ tenant: tenant({ queues: [lock, plain], ...spec }), files, faults, target: own });
}

/** How many live items a queue has under each reference. */
async function live(emulator: Emulator, queue: string): Promise<Record<string, number>> {
  const get = async (path: string): Promise<{ value: Record<string, unknown>[] }> =>
    (await (
      await fetch(`${emulator.url}${path}`, {
        headers: { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": "Finance" },
      })
    ).json()) as { value: Record<string, unknown>[] };
  const queues = (await get("/odata/QueueDefinitions")).value;
  const id = queues.find(({ Name }) => Name === queue)?.["Id"];
  const rows = (await get(`/odata/QueueItems?$filter=QueueDefinitionId%20eq%20${String(id)}&$orderby=Id`)).value;
  const found = rows.filter(({ Status }) => Status !== "Deleted");
  return Object.fromEntries(
    Map.groupBy(found, ({ Reference }) => String(Reference))
      .entries()
      .map(([name, all]) => [name, all.length]),
  );
}

const slowAdd: FaultRule = { match: { path: "*BulkAddQueueItems" }, delay: "700ms" };

describe("two applies at once", () => {
  it("add each item once: the second waits for the first, and says for whom", async () => {
    const { run, emulator } = await place([slowAdd]);
    const env = { GITHUB_ACTOR: "ana", USER: "ana" };
    const results = await Promise.all([1, 2].map(() => run(["apply", "--auto-approve"], { env })));
    expect(results.map(({ code, stderr }) => [code, code === 0 ? "" : stderr])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    expect(await live(emulator, "Plain")).toEqual({ A: 1, B: 1 });
    expect(await live(emulator, "lock")).toEqual({});
    const waited = results.find(({ stderr }) => stderr.includes("lease"));
    expect(waited?.stderr).toMatch(/waiting up to 60 s for the lease that ana holds/);
    expect(waited?.stdout).toMatch(/Applied 0, already done 2/);
  });

  it("the same without a lease doubles: that is what it is for", async () => {
    // Long enough that both have planned before the first add is there, on a busy machine too.
    const late: FaultRule = { match: { path: "*BulkAddQueueItems" }, delay: "4s" };
    const { run, emulator } = await workplace({
      tenant: tenant({ queues: [plain] }),
      files,
      faults: [late],
      target: timing.replace("request: 2s", "request: 20s"),
    });
    const results = await Promise.all([1, 2].map(() => run(["apply", "--auto-approve"])));
    for (const { stdout } of results) expect(stdout).toContain("PL010");
    expect(await live(emulator, "Plain")).toEqual({ A: 2, B: 2 });
  });
});

/** A place whose first apply was killed while its first add had no answer. */
async function killedWhileAdding(): ReturnType<typeof place> {
  const there = await place([{ match: { path: "*BulkAddQueueItems", calls: 1 }, handle: "no", answer: "never" }]);
  const dead = await there.run(["apply", "--auto-approve"], {
    onStart: (child) => {
      const asked = (): boolean => there.emulator.requests().some(({ path }) => path.endsWith("BulkAddQueueItems"));
      void vi.waitUntil(asked, { timeout: 20_000, interval: 20 }).then(() => child.kill("SIGKILL"));
    },
  });
  expect(dead.code).toBe(null);
  return there;
}

it("an apply that was killed is succeeded by the next one when its lease was over for long enough", async () => {
  const { run, emulator } = await killedWhileAdding();
  const impatient = await run(["apply", "--auto-approve", "--lock-timeout", "500ms"]);
  expect([impatient.code, impatient.stderr]).toEqual([7, expect.stringContaining("orch-sync unlock") as unknown]);
  expect(await live(emulator, "lock")).toEqual({ "lease/default": 1 });
  const next = await run(["apply", "--auto-approve", "--lock-timeout", "30s"]);
  expect([next.code, next.stdout]).toEqual([0, expect.stringMatching(/Applied 2, already done 0/) as unknown]);
  expect(await live(emulator, "Plain")).toEqual({ A: 1, B: 1 });
  expect(await live(emulator, "lock")).toEqual({});
});

it("an apply that is resumed takes its own lease up at once", async () => {
  const { run, emulator } = await killedWhileAdding();
  const { code, stdout, stderr } = await run(["apply", "--resume", "--auto-approve", "--lock-timeout", "1ms"]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/Applied 2, already done 0/) as unknown]);
  expect(stderr).not.toContain("waiting up to");
  expect(await live(emulator, "Plain")).toEqual({ A: 1, B: 1 });
  expect(await live(emulator, "lock")).toEqual({});
});

it("an apply gives its lease back when it is interrupted, and when it fails", async () => {
  const { run, emulator } = await place([slowAdd]);
  const { code } = await run(["apply", "--auto-approve"], {
    onStart: (child) => {
      const asked = (): boolean => emulator.requests().some(({ path }) => path.endsWith("BulkAddQueueItems"));
      const sent = (): boolean => emulator.requests().some(({ method }) => method === "PUT") || asked();
      void vi.waitUntil(sent, { timeout: 20_000, interval: 20 }).then(() => child.kill("SIGINT"));
    },
  });
  expect(code).toBe(130);
  expect(await live(emulator, "lock")).toEqual({});
  emulator.faults.set([
    { match: { path: "*BulkAddQueueItems" }, handle: "no", answer: { status: 400, errorCode: 1009 } },
  ]);
  const input = manifests.items("{ queue: Plain, seedUntil: never, items: [{ reference: C }, { reference: D }] }");
  const failed = await run(["apply", "-", "--auto-approve"], { input });
  expect([failed.code, failed.stdout]).toEqual([5, expect.stringContaining("failed 2") as unknown]);
  expect(await live(emulator, "lock")).toEqual({});
});

it("a queue that cannot keep a lease is refused, with what helps", async () => {
  const { run, emulator } = await place([], { queues: [{ name: "lock", folder: "Finance", maxRetries: 2 }, plain] });
  const { code, stderr } = await run(["apply", "--auto-approve"]);
  expect([code, stderr]).toEqual([
    4,
    expect.stringMatching(
      /queue lock cannot keep the lease: it does not enforce unique references, it retries/,
    ) as unknown,
  ]);
  expect(await live(emulator, "Plain")).toEqual({});
});

it("unlock shows who holds the lease and ends it; an apply that held it writes nothing more", async () => {
  const slow: FaultRule = { match: { path: "*BulkAddQueueItems", calls: 1 }, delay: "5s", handle: "once" };
  const patient =
    "timing: { request: 8s, settle: 300ms, poll: 50ms }, lease: { queue: lock, folder: Finance, ttl: 13s }";
  const { run, emulator } = await place([slow], {}, patient);
  const free = await run(["unlock"]);
  expect([free.code, free.stdout]).toEqual([0, "Lease default  queue lock, folder Finance\n  nobody holds it\n"]);
  const input = ["a", "b"].map((name) =>
    manifests.items(
      `{ queue: Plain, seedUntil: never, items: [{ reference: ${name}1 }, { reference: ${name}2 }] }`,
      name,
    ),
  );
  const env = { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "ana\u001b[2J", GITHUB_SERVER_URL: "https://ci.example" };
  const applying = run(["apply", "-", "--auto-approve", "--parallelism", "1"], { env, input: input.join("---\n") });
  await vi.waitUntil(async () => (await live(emulator, "lock"))["lease/default"] === 1, { timeout: 20_000 });
  const asked = await run(["unlock"]);
  expect([asked.code, asked.stdout, asked.stderr]).toEqual([
    64,
    expect.stringMatching(/^ {2}held\n {2}by {5}ana\\u001b\[2J\n {2}run {4}https:\/\/ci\.example\//m) as unknown,
    expect.stringContaining("--auto-approve") as unknown,
  ]);
  const ended = await run(["unlock", "--auto-approve"]);
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining("The lease was ended") as unknown]);
  expect(await live(emulator, "lock")).toEqual({});
  const { code, stdout } = await applying;
  expect([code, stdout]).toEqual([5, expect.stringContaining("the lease was lost: its item") as unknown]);
  expect(await live(emulator, "Plain")).toEqual({ a1: 1, a2: 1 });
});
