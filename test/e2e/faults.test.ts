import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Emulator, FaultRule } from "../../src/emulator/index.ts";
import { handled, sentEffects } from "../checker/writes.ts";
import { orchSync, temporaryFolder } from "../support/cli.ts";
import { manifests, tenant, workplace, writeFiles } from "../support/server.ts";

const set = tenant({
  queues: [{ name: "Unique", uniqueReferences: true }, { name: "Plain" }],
  users: [{ userName: "ana", email: "ana@corp.example", reviewer: true }],
  applications: [{ clientId: "app", clientSecret: "s3cret", scopes: ["OR.Default"] }],
  processes: [{ name: "P", run: { pending: "1ms", duration: "20ms", state: "Successful" } }],
  items: [
    { queue: "Plain", reference: "X", status: "Failed", exception: { type: "BusinessException", reason: "No price." } },
  ],
});
const items = "items: [{ reference: A }, { reference: B }, { reference: C }]";
const unique = { "manifests/a.yaml": manifests.items(`{ queue: Unique, ${items} }`) };
const plain = { "manifests/a.yaml": manifests.items(`{ queue: Plain, seedUntil: never, ${items} }`) };
const job = { "manifests/a.yaml": manifests.job("{ process: P, run: once }") };

const bulk = { method: "POST", path: "*.BulkAddQueueItems" };
const start = { method: "POST", path: "*.StartJobs" };
/** Within the settle time of the target, 300 ms. */
const soon = "120ms";

async function read(emulator: Emulator, path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const response = await fetch(`${emulator.url}${path}`, { headers: { authorization: `Bearer ${emulator.token}` } });
  return ((await response.json()) as { value: Readonly<Record<string, unknown>>[] }).value;
}

/** The references that are there, without the one that was there at the start. */
async function references(emulator: Emulator): Promise<readonly unknown[]> {
  const rows = await read(emulator, "/odata/QueueItems?$orderby=Id");
  return rows.map((row) => row["Reference"]).filter((reference) => reference !== "X");
}

describe("an apply on a bad day adds every item once", () => {
  it.each<[string, Readonly<Record<string, string>>, FaultRule]>([
    [
      "when the call is handled after the gateway has given up, within settle",
      plain,
      { match: bulk, times: 1, handle: { late: soon }, answer: { status: 504, shape: "page" } },
    ],
    [
      "when it is handled late although it has been sent again to a unique queue",
      unique,
      { match: bulk, times: 1, handle: { late: soon }, answer: { status: 504, shape: "page" } },
    ],
    ["when a proxy brings it twice to a unique queue", unique, { match: bulk, handle: "twice" }],
    [
      "when a part of it is handled before the server breaks down",
      plain,
      { match: bulk, times: 1, handle: { part: 1 }, answer: { status: 504, shape: "page" } },
    ],
    [
      "when a part of it is handled, in a unique queue",
      unique,
      { match: bulk, times: 1, handle: { part: 2 }, answer: "close" },
    ],
    ["when it is acknowledged and lists show it only after a while", unique, { match: bulk, times: 1, showLate: soon }],
    [
      "when its answer is lost and lists show it only after a while",
      unique,
      { match: bulk, times: 1, handle: "once", answer: "close", showLate: soon },
    ],
  ])("%s", async (_name, files, fault) => {
    const { inProcess: run, emulator } = await workplace({ tenant: set, files, faults: [fault] });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/failed 0, skipped 0, unknown 0/)]);
    emulator.clock.advance(1000);
    expect(await references(emulator)).toEqual(["A", "B", "C"]);
    expect(emulator.faults.counts()).toMatchObject([{ hits: 1 }]);
    expect((await run(["plan", "--detailed-exitcode"])).code).toBe(0);
  });
});

describe("a start on a bad day", () => {
  it("that is handled after the gateway has given up is found within settle, and is one run", async () => {
    const fault: FaultRule = { match: start, times: 1, handle: { late: soon }, answer: { status: 504, shape: "page" } };
    const { run, emulator } = await workplace({ tenant: set, files: job, faults: [fault] });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Applied 1")]);
    expect(sentEffects(handled(emulator.requests()))).toEqual(["start smoke@once"]);
    expect(await read(emulator, "/odata/Jobs")).toHaveLength(1);
  });

  it("of which a part is handled fails, says how much of it is there, and is not topped up", async () => {
    const files = {
      "manifests/a.yaml": manifests.job("{ process: P, run: once, strategy: { type: Dynamic, count: 3 } }"),
    };
    const fault: FaultRule = { match: start, times: 1, handle: { part: 2 }, answer: { status: 500 } };
    const { inProcess: run, emulator } = await workplace({ tenant: set, files, faults: [fault] });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect([code, stdout]).toEqual([5, expect.stringContaining("2 of 3")]);
    expect(await read(emulator, "/odata/Jobs")).toHaveLength(2);
  });
});

describe("a token that is refused", () => {
  const auth = 'auth: { type: clientCredentials, clientId: app, clientSecret: "${secret:SECRET}" }';
  const env = { SECRET: "s3cret" };

  it.each([
    ["a read", { path: "QueueItems" }],
    ["a write", bulk],
  ])("once, at %s, is renewed, and the run goes on", async (_name, match) => {
    const faults: FaultRule[] = [{ match, times: 1, refuseToken: "revoked" }];
    const { inProcess: run, emulator } = await workplace({ tenant: set, files: unique, faults, auth });
    const { code } = await run(["apply", "--auto-approve"], { env });
    expect(code).toBe(0);
    const asked = emulator.requests().filter(({ path }) => path.endsWith("/connect/token"));
    expect(asked).toHaveLength(2);
    expect(await references(emulator)).toEqual(["A", "B", "C"]);
  });

  it("for good ends the run with 6, and a new token is not asked for again and again", async () => {
    const faults: FaultRule[] = [{ match: { path: "QueueItems" }, refuseToken: "forGood" }];
    const { inProcess: run, emulator } = await workplace({ tenant: set, files: unique, faults, auth });
    const { code, stderr } = await run(["apply", "--auto-approve"], { env });
    expect([code, stderr]).toEqual([6, expect.stringContaining("401")]);
    expect(emulator.requests().filter(({ path }) => path.endsWith("/connect/token"))).toHaveLength(2);
    expect(sentEffects(emulator.requests())).toEqual([]);
  });

  it("for good, at a write, is a failure of that write", async () => {
    const faults: FaultRule[] = [{ match: bulk, refuseToken: "forGood" }];
    const { inProcess: run, emulator } = await workplace({ tenant: set, files: unique, faults, auth });
    const { code, stdout } = await run(["apply", "--auto-approve"], { env });
    expect([code, stdout]).toEqual([5, expect.stringContaining("failed 3")]);
    expect(sentEffects(handled(emulator.requests()))).toEqual([]);
  });
});

it("a permission that is gone from the first write on fails what needs it", async () => {
  const faults: FaultRule[] = [{ match: bulk, refusePermission: "Transactions.Create" }];
  const { inProcess: run, emulator } = await workplace({ tenant: set, files: unique, faults });
  const { code, stdout } = await run(["apply", "--auto-approve"]);
  expect([code, stdout]).toEqual([5, expect.stringContaining("failed 3")]);
  expect(stdout).toContain("403");
  expect(await references(emulator)).toEqual([]);
});

it("a RowVersion that moves just before a review is read again, and the review is done", async () => {
  const files = {
    "manifests/a.yaml": manifests.review(
      "{ queue: Plain, select: { status: [Failed] }, reviewers: [ana@corp.example] }",
    ),
  };
  const faults: FaultRule[] = [{ match: { path: "*.SetItemReviewer" }, times: 1, moveRowVersion: true }];
  const { inProcess: run, emulator } = await workplace({ tenant: set, files, faults });
  const { code, stdout } = await run(["apply", "--auto-approve"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("Applied 1")]);
  expect(emulator.faults.counts()).toMatchObject([{ hits: 1 }]);
  const events = await read(emulator, "/odata/QueueItemEvents?$orderby=Id");
  expect(events.filter(({ ReviewerUserId }) => ReviewerUserId !== null)).toHaveLength(1);
});

describe("a read", () => {
  it("whose answer is cut is read again", async () => {
    const faults: FaultRule[] = [{ match: { path: "QueueItems" }, times: 1, answer: "cut" }];
    const { inProcess: run, emulator } = await workplace({ tenant: set, files: unique, faults });
    expect((await run(["plan", "--detailed-exitcode"])).code).toBe(2);
    expect(emulator.faults.counts()).toMatchObject([{ hits: 1 }]);
  });

  it("that is answered a page with 200 is an error that says so", async () => {
    const faults: FaultRule[] = [{ match: { path: "QueueItems" }, handle: "no", answer: "html" }];
    const { inProcess: run } = await workplace({ tenant: set, files: unique, faults });
    const { code, stderr } = await run(["plan"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("text/html, not JSON")]);
  });
});

describe("orch-sync emulator --faults", () => {
  it("lets happen what the file says", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      "faults.yaml": [
        "apiVersion: orch-sync/v1",
        "kind: Faults",
        "spec:",
        "  rules:",
        "    - { match: { path: /odata/Folders, calls: 2 }, handle: no, answer: { status: 503, retryAfter: 5 } }",
      ].join("\n"),
    });
    const statuses: (readonly [number, string | null])[] = [];
    const { code } = await orchSync(["emulator", "--json", "--faults", join(folder, "faults.yaml")], {
      onStart: (child) => {
        child.stdout?.once("data", (line: string) => {
          const { url, token } = JSON.parse(line) as { url: string; token: string };
          void (async () => {
            for (let call = 0; call < 3; call += 1) {
              const answer = await fetch(`${url}/odata/Folders`, { headers: { authorization: `Bearer ${token}` } });
              statuses.push([answer.status, answer.headers.get("retry-after")]);
            }
          })().finally(() => child.kill("SIGTERM"));
        });
      },
    });
    expect(code).toBe(0);
    expect(statuses).toEqual([
      [200, null],
      [503, "5"],
      [200, null],
    ]);
  });

  it("refuses a file that is wrong, with its place", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      "faults.yaml": "apiVersion: orch-sync/v1\nkind: Faults\nspec:\n  rules: [{ handle: maybe }]\n",
    });
    const { code, stderr } = await orchSync(["emulator", "--faults", "faults.yaml"], { cwd: folder });
    expect(code).toBe(3);
    expect(stderr).toContain("faults.yaml:4:21");
    expect(stderr).toContain("CF009");
  });
});
