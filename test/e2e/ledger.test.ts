import { expect, it } from "vitest";
import type { Emulator, FaultRule, TenantSpec } from "../../src/emulator/index.ts";
import { manifests, tenant, workplace, type Workplace } from "../support/server.ts";

const key = "2f7f3c1e-9a1b-4d5e-8c6f-0123456789ab";
const reference = `run/${key}/smoke@once`;
const day = 86_400_000;
const target =
  "timing: { request: 2s, settle: 300ms, poll: 20ms }, lease: { queue: lock, folder: Finance, ttl: 4s, ledger: true }";

async function place(
  spec: Partial<TenantSpec> = {},
  faults: readonly FaultRule[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Workplace> {
  return workplace({
    tenant: tenant({
      folders: [{ path: "Finance", type: "modern", key }],
      queues: [{ name: "lock", folder: "Finance", uniqueReferences: true, maxRetries: 0, autoRetry: false }],
      processes: [
        {
          name: "P",
          folder: "Finance",
          retentionDays: 1,
          run: { pending: "1ms", duration: "20ms", state: "Successful" },
        },
      ],
      ...spec,
    }),
    files: { "manifests/a.yaml": manifests.job("{ process: P, run: once }"), ...more },
    faults,
    target,
  });
}

async function rows(emulator: Emulator, set: string): Promise<Record<string, unknown>[]> {
  const headers = { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": "Finance" };
  const body = (await (await fetch(`${emulator.url}/odata/${set}`, { headers })).json()) as {
    value: Record<string, unknown>[];
  };
  return body.value;
}

/** The ledger's live entries, by reference. */
async function ledger(emulator: Emulator): Promise<Record<string, unknown>> {
  const items = (await rows(emulator, "QueueItems")).filter(({ Status }) => Status === "New");
  return Object.fromEntries(items.map(({ Reference, SpecificContent }) => [Reference, SpecificContent]));
}

const starts = (emulator: Emulator): number =>
  emulator.requests().filter(({ path }) => path.endsWith("StartJobs")).length;

it("a run whose job retention has deleted is not started again: the ledger knows it", async () => {
  const { run, emulator } = await place();
  const planned = await run(["plan", "--explain", "--out", "p.plan"]);
  expect(planned.stdout).toMatch(/the lease of an apply takes 9 calls \(1 list call\), its ledger included/);
  expect(planned.stdout).not.toContain("PL010");
  expect(planned.stdout).not.toContain("retention");
  expect((await run(["show", "p.plan"])).code).toBe(0);
  expect((await run(["apply", "--auto-approve"], { env: { GITLAB_USER_LOGIN: "ana" } })).code).toBe(0);
  const [job] = await rows(emulator, "Jobs");
  expect(await ledger(emulator)).toEqual({
    [reference]: { state: "started", owner: "ana", jobs: String(job?.["Id"]), sentAt: expect.any(String) as unknown },
  });
  emulator.clock.advance(3 * day);
  expect(await rows(emulator, "Jobs")).toEqual([]);
  const { code, stdout } = await run(["plan", "--detailed-exitcode", "--verbose"]);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/started by ana at .* \(job \d+\), by the ledger/) as unknown,
  ]);
  await run(["apply", "--auto-approve"]);
  expect(starts(emulator)).toBe(1);
});

it("a start that was lost is sent again by the next apply, which says so, once it has settled", async () => {
  const lost: FaultRule = { match: { path: "*StartJobs", calls: 1 }, handle: "no", answer: "close" };
  const { inProcess: run, emulator } = await place({}, [lost]);
  expect((await run(["apply", "--auto-approve"])).code).toBe(5);
  expect(await ledger(emulator)).toMatchObject({ [reference]: { state: "sent" } });
  const { code, stdout } = await run(["apply", "--auto-approve"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("no job of it is there") as unknown]);
  expect(await rows(emulator, "Jobs")).toHaveLength(1);
  expect(await ledger(emulator)).toMatchObject({ [reference]: { state: "started" } });
});

it("an entry whose start was lost from sight knows its job with the next apply that writes anything", async () => {
  const content = { state: "sent", owner: "ana", sentAt: new Date(Date.now() - 2 * day).toISOString() };
  const letters = manifests.items("{ queue: Plain, seedUntil: never, items: [{ reference: A }] }");
  const { inProcess: run, emulator } = await place(
    {
      queues: [
        { name: "lock", folder: "Finance", uniqueReferences: true, maxRetries: 0, autoRetry: false },
        { name: "Plain", folder: "Finance" },
      ],
      items: [{ queue: "lock", folder: "Finance", reference, status: "New", content }],
      jobs: [{ process: "P", folder: "Finance", reference: "smoke@once", state: "Successful" }],
    },
    [],
    { "manifests/b.yaml": letters },
  );
  const [job] = await rows(emulator, "Jobs");
  const { code, stderr } = await run(["apply", "--auto-approve"]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("smoke@once is entered as started") as unknown]);
  expect(await ledger(emulator)).toMatchObject({
    [reference]: { ...content, state: "started", jobs: String(job?.["Id"]) },
  });
  expect(starts(emulator)).toBe(0);
});

it("a start that the server refuses leaves no entry behind", async () => {
  const refuse: FaultRule = { match: { path: "*StartJobs" }, handle: "no", answer: { status: 409, errorCode: 1670 } };
  const { inProcess: run, emulator } = await place({}, [refuse]);
  expect((await run(["apply", "--auto-approve"])).code).toBe(5);
  expect(await ledger(emulator)).toEqual({});
});

it("an old entry without a job blocks the plan until somebody says what became of it", async () => {
  const content = { state: "sent", owner: "ana", sentAt: new Date(Date.now() - 2 * day).toISOString() };
  const { inProcess: run, emulator } = await place({
    items: [{ queue: "lock", folder: "Finance", reference, status: "New", content }],
  });
  const blocked = await run(["plan"]);
  expect([blocked.code, blocked.stdout]).toEqual([
    4,
    expect.stringMatching(/--assume\s+started or --assume\s+not-started/) as unknown,
  ]);
  const started = await run(["plan", "--assume", "started", "--verbose"]);
  expect([started.code, started.stdout]).toEqual([
    0,
    expect.stringContaining("assumed to have been started") as unknown,
  ]);
  const entered = await run(["apply", "--assume", "started", "--auto-approve"]);
  expect([entered.code, entered.stderr]).toEqual([0, expect.stringContaining("is entered as started") as unknown]);
  expect(await ledger(emulator)).toEqual({ [reference]: { ...content, state: "started" } });
  expect((await run(["plan", "--detailed-exitcode"])).code).toBe(0);
  expect(starts(emulator)).toBe(0);
});

it("an old entry is sent again on somebody's word", async () => {
  const content = { state: "sent", owner: "ana", sentAt: new Date(Date.now() - 2 * day).toISOString() };
  const { inProcess: run, emulator } = await place({
    items: [{ queue: "lock", folder: "Finance", reference, status: "New", content }],
  });
  expect((await run(["apply", "--assume", "not-started", "--auto-approve"])).code).toBe(0);
  expect(await rows(emulator, "Jobs")).toHaveLength(1);
  expect(await ledger(emulator)).toMatchObject({
    [reference]: { state: "started", jobs: expect.any(String) as unknown },
  });
});
