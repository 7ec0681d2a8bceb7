import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseDocument } from "yaml";
import type { Check, ProbeAnswer } from "../../../src/core/check-up.ts";
import { startEmulator, type EditionName, type TenantSpec } from "../../../src/emulator/index.ts";
import { authority, type Certificate } from "../../support/certificates.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { desk, type Desk } from "../../support/desk.ts";
import { connectProxy } from "../../support/proxy.ts";
import { problemsBy } from "../../support/schema.ts";
import { tenant, writeFiles } from "../../support/server.ts";

const judge = problemsBy("doctor");

const reading = ["SubFolders.View", "Queues.View", "Transactions.View", "Processes.View", "Jobs.View"];
const writing = [
  "Transactions.Create",
  "Transactions.Edit",
  "Transactions.Delete",
  "Queues.Edit",
  "Jobs.Create",
  "Jobs.Edit",
];
const all = [...reading, ...writing];

/** A tenant with one user, `somebody`. */
function tenantWith(permissions: readonly string[], spec: Partial<TenantSpec> = {}): ReturnType<typeof tenant> {
  return tenant({
    users: [{ userName: "somebody", tokens: ["sesame"], permissions: [{ folder: "Finance", names: permissions }] }],
    queues: [
      { name: "Q", folder: "Finance", uniqueReferences: true },
      { name: "lock", folder: "Finance", uniqueReferences: true },
      { name: "plain", folder: "Finance" },
    ],
    processes: [{ name: "P", folder: "Finance" }],
    ...spec,
  });
}

interface Seen {
  readonly code: number;
  readonly checks: readonly Check[];
  /** Those that are not fine, as a person would say them. */
  readonly trouble: readonly string[];
  readonly desk: Desk;
}

/** Runs doctor for that user, with members of the target in place of others. */
async function examine(
  document: ReturnType<typeof tenant>,
  target: object = {},
  { edition, args = [] }: { readonly edition?: EditionName; readonly args?: readonly string[] } = {},
): Promise<Seen> {
  const made = await desk({ tenant: document, place: "Finance", ...(edition === undefined ? {} : { edition }) });
  const auth = { type: "token", token: "sesame" };
  const config = {
    apiVersion: "orch-sync/v1",
    kind: "Config",
    defaultTarget: "test",
    targets: { test: { url: made.emulator.url, folder: "Finance", auth, ...target } },
  };
  writeFiles(made.folder, { "orch-sync.yaml": JSON.stringify(config) });
  const { code, stdout } = await made.run(["doctor", "-o", "json", ...args]);
  const found = JSON.parse(stdout) as { readonly checks: readonly Check[] };
  expect(judge(found)).toEqual([]);
  const { checks } = found;
  const trouble = checks.flatMap((check) =>
    check.state === "fine"
      ? []
      : [`${check.kind ?? check.id} ${check.state} ${"text" in check ? check.text : check.after}`],
  );
  return { code, checks, trouble, desk: made };
}

describe("doctor", () => {
  it.each(["2022.10", "2023.4", "cloud"] as const)(
    "finds nothing wrong on %s where nothing is, by reading alone",
    async (edition) => {
      const lease = { queue: "lock" };
      const { code, trouble, checks, desk: made } = await examine(tenantWith(all), { lease }, { edition });
      expect([code, trouble]).toEqual([0, []]);
      expect(checks.map(({ id, kind }) => kind ?? id)).toEqual([
        "name",
        "proxy",
        "connection",
        "tls",
        "token",
        "version",
        "folder",
        "QueueItems",
        "Job",
        "StoppedJobs",
        "Review",
        "clock",
        "quota",
        "lease",
      ]);
      expect(made.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
      expect(
        made.emulator.requests().filter(({ path }) => path === "/odata/QueueItems" || path === "/odata/Jobs").length,
      ).toBeLessThan(4);
    },
  );

  it.each<[string, string, string]>([
    ["Transactions.View", "QueueItems", "may not see items (Transactions.View)"],
    ["Transactions.Create", "QueueItems", "may not add items (Transactions.Create)"],
    ["Transactions.Edit", "Review", "may not review items (Transactions.Edit)"],
    ["Processes.View", "Job", "may not see processes (Processes.View)"],
    ["Jobs.View", "StoppedJobs", "may not see jobs (Jobs.View)"],
    ["Jobs.Create", "Job", "may not start jobs (Jobs.Create)"],
    ["Jobs.Edit", "StoppedJobs", "may not stop jobs (Jobs.Edit)"],
  ])("names %s where it is missing", async (name, kind, text) => {
    const { code, checks } = await examine(tenantWith(all.filter((one) => one !== name)));
    const check = checks.find((one) => one.kind === kind);
    expect(check).toMatchObject({ state: "problem", text, missing: [name], cause: "access" });
    expect(code).toBe(6);
  });

  it("calls a loader's role fine that cannot prune, and says so", async () => {
    const { code, checks } = await examine(
      tenantWith(all.filter((one) => one !== "Transactions.Delete")),
      {},
      { args: ["queueitems"] },
    );
    expect(code).toBe(0);
    expect(checks.find(({ kind }) => kind === "QueueItems")).toMatchObject({
      text: "may not prune (Transactions.Delete), which only some manifests need",
    });
    expect(checks.find(({ kind }) => kind === "Job")).toBeUndefined();
  });

  it("does not guess where nothing in the folder could show a permission", async () => {
    const { code, checks } = await examine(tenantWith(all, { queues: [], processes: [] }), {}, { args: ["Job"] });
    expect(code).toBe(0);
    expect(checks.find(({ kind }) => kind === "Job")).toMatchObject({
      text: expect.stringContaining("the server does not tell whether it may start jobs (Jobs.Create)") as string,
    });
  });

  it("names the scope that an external application lacks, not a permission", async () => {
    const scopes = ["OR.Folders.Read", "OR.Queues.Read", "OR.Execution", "OR.Jobs"];
    const document = tenantWith(all, { applications: [{ clientId: "app", clientSecret: "s3cret", scopes }] });
    const auth = { type: "clientCredentials", clientId: "app", clientSecret: "s3cret", scope: scopes.join(" ") };
    const { code, checks } = await examine(document, { auth });
    expect(code).toBe(6);
    expect(checks.find(({ kind }) => kind === "QueueItems")).toMatchObject({ missing: ["OR.Queues.Write"] });
    expect(checks.find(({ kind }) => kind === "Job")).toMatchObject({ state: "fine" });
    expect(checks.find(({ id }) => id === "token")).toMatchObject({
      text: expect.stringMatching(/^client credentials, good until 20.*, for 1 h$/) as string,
    });
  });

  it.each<[string, object, Partial<TenantSpec>, number, string]>([
    [
      "a host name",
      { url: "https://nowhere.invalid/a/b/orchestrator_" },
      {},
      1,
      "name problem nowhere.invalid: the host name is unknown (ENOTFOUND)",
    ],
    [
      "a port",
      { url: "https://127.0.0.1:1/a/b/orchestrator_" },
      {},
      1,
      "connection problem 127.0.0.1, port 1: connection refused (ECONNREFUSED)",
    ],
    [
      "a token",
      { auth: { type: "token", token: "wrong" } },
      {},
      6,
      "token problem a ready token, it does not say when it ends: the server does not accept it (HTTP 401)",
    ],
    [
      "a folder",
      { folder: "Finanze" },
      {},
      4,
      "folder problem Finanze does not exist, or the account is not assigned to it; 1 other is seen",
    ],
    [
      "a queue for the lease",
      { lease: { queue: "nope" } },
      {},
      4,
      "lease problem there is no queue nope in folder Finance",
    ],
    [
      "a lease's queue",
      { lease: { queue: "plain" } },
      {},
      4,
      "lease problem queue plain cannot keep it: it does not enforce unique references",
    ],
    ["a clock", {}, { clock: { start: "2030-01-01T00:00:00Z" } }, 1, "clock problem the server's is "],
  ])("names %s that is wrong", async (_, target, spec, exit, text) => {
    const { code, trouble } = await examine(tenantWith(all, spec), target);
    expect(code).toBe(exit);
    expect(trouble[0]).toContain(text);
    expect(trouble.filter((line) => line.includes(" problem "))).toHaveLength(1);
  });

  it("says which address is no Orchestrator's", async () => {
    const made = await desk({ tenant: tenantWith(all), place: "Finance" });
    const { origin } = new URL(made.emulator.url);
    const { trouble, code } = await examine(tenantWith(all), {
      url: `${origin}/nothing`,
      auth: { type: "token", token: made.emulator.token },
    });
    expect(code).toBe(1);
    expect(trouble[0]).toMatch(/^version problem GET \/odata\/Folders on /);
  });

  it("looks at several folders where the target names none", async () => {
    const folders = [{ path: "Finance" }, { path: "Sales" }];
    const users = [
      {
        userName: "somebody",
        tokens: ["sesame"],
        permissions: [
          { folder: "Finance", names: all },
          { folder: "Sales", names: reading },
        ],
      },
    ];
    const queues = folders.map(({ path }) => ({ name: "Q", folder: path, uniqueReferences: true }));
    const { code, checks } = await examine(
      tenantWith(all, { folders, users, queues }),
      { folder: undefined },
      { args: ["QueueItems"] },
    );
    expect(code).toBe(6);
    expect(checks.find(({ kind }) => kind === "QueueItems")).toMatchObject({
      text: "Sales: may not add items (Transactions.Create)",
    });
  });

  it("shows a person what to do, in 80 columns", async () => {
    const { desk: made } = await examine(tenantWith(all.filter((one) => one !== "Jobs.Create")));
    const { stdout, code } = await made.run(["doctor", "Job"]);
    expect(code).toBe(6);
    const [, , ...lines] = stdout.split("\n");
    expect(lines.slice(7, 9)).toEqual([
      "  problem  permissions  Job: may not start jobs (Jobs.Create)",
      "                        → give the account's role in that folder Jobs.Create",
    ]);
    expect(lines.at(-2)).toBe("10 fine, 1 problem.");
  });

  it("refuses a kind that there is not", async () => {
    const { desk: made } = await examine(tenantWith(all));
    expect(await made.run(["doctor", "Jobs"])).toMatchObject({
      code: 64,
      output: expect.stringContaining("did you mean Job?") as string,
    });
  });
});

describe("doctor, on the way to the server", () => {
  const ca = authority("Corp Root");
  /** A server with this certificate, and a target that trusts what it is told to. */
  async function overTls(certificate: Certificate, target: object = {}): Promise<Pick<Seen, "code" | "trouble">> {
    const emulator = await startEmulator({ tenant: tenantWith(all), tls: certificate });
    onTestFinished(() => emulator.close());
    return examine(tenantWith(all), { url: emulator.url, ...target });
  }
  const caFile = (): string => {
    const folder = temporaryFolder();
    writeFiles(folder, { "ca.pem": ca.cert });
    return join(folder, "ca.pem");
  };

  it("finds nothing wrong where the target's caFile has the authority", async () => {
    expect(await overTls(ca.issue(), { caFile: caFile() })).toMatchObject({ code: 0, trouble: [] });
  });

  it.each<[string, Certificate, boolean, RegExp]>([
    [
      "an authority",
      ca.issue(),
      false,
      /^tls problem the issuer of the certificate of 127\.0\.0\.1 is not known \(\w+\): it is issued by Corp Root$/,
    ],
    [
      "an expired certificate",
      ca.issue({ until: new Date("2021-01-01T00:00:00Z") }),
      true,
      /^tls problem the certificate of 127\.0\.0\.1 has expired: 2021-01-01 00:00Z$/,
    ],
    [
      "another host's certificate",
      ca.issue({ names: ["other.example"] }),
      true,
      /^tls problem the certificate is for another host: other\.example, not 127\.0\.0\.1$/,
    ],
  ])("tells %s apart from the others", async (_, certificate, trusts, text) => {
    const { code, trouble } = await overTls(certificate, trusts ? { caFile: caFile() } : {});
    expect(code).toBe(1);
    expect(trouble[0]).toMatch(text);
    expect(trouble.filter((line) => line.includes(" problem "))).toHaveLength(1);
  });

  it("tells a port that speaks no TLS", async () => {
    const { emulator } = await desk({ tenant: tenantWith(all) });
    const { trouble } = await examine(tenantWith(all), { url: emulator.url.replace("http:", "https:") });
    expect(trouble[0]).toMatch(/^tls problem 127\.0\.0\.1: no handshake: /);
  });

  it("names the proxy that lets nothing through, and what to do", async () => {
    await using proxy = await connectProxy({ refuse: () => 407 });
    const { code, trouble } = await examine(tenantWith(all), { proxy: proxy.url });
    expect(code).toBe(1);
    expect(trouble[0]).toBe(
      `proxy problem the proxy ${proxy.host} (of the target) refuses with HTTP 407, it wants a user and a password`,
    );
  });

  it("goes through a proxy as calls do", async () => {
    await using proxy = await connectProxy();
    const { code, checks } = await examine(tenantWith(all), { proxy: proxy.url });
    expect(code).toBe(0);
    expect(checks[1]).toMatchObject({ text: `${proxy.host} (of the target) lets calls through to 127.0.0.1` });
  });
});

describe("doctor --probe", () => {
  const live: Partial<TenantSpec> = {
    items: [{ queue: "Q", folder: "Finance", reference: "INV-{n}", count: 150 }],
    jobs: [{ process: "P", folder: "Finance", state: "Successful", reference: "smoke@1" }],
  };
  const yes = { referenceIn: true, startsWith: true, jobReference: true, jobBatchKey: true };
  interface Probed {
    readonly answers: readonly ProbeAnswer[];
    readonly capabilities: object;
  }
  const probed = async (made: Desk, args: readonly string[] = []): Promise<Probed> => {
    const { stdout } = await made.run(["doctor", "QueueItems", "--probe", "-o", "json", ...args]);
    const document = JSON.parse(stdout) as { readonly probe: Probed };
    expect(judge(document)).toEqual([]);
    return document.probe;
  };

  it.each<[EditionName, object]>([
    ["2022.10", { apiVersion: 15, ...yes, queueItemsPage: 1000 }],
    ["cloud", { apiVersion: 20, ...yes, queueItemsPage: 100 }],
  ])("asks %s by reading alone, and says how to keep the answers", async (edition, answers) => {
    const { desk: made } = await examine(tenantWith(all, live), {}, { edition });
    const { capabilities } = await probed(made);
    expect(capabilities).toEqual(answers);
    expect(made.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    const { stdout } = await made.run(["doctor", "QueueItems", "--probe"]);
    const yaml = parseDocument(stdout.slice(stdout.indexOf("    capabilities:"))).toJS() as unknown;
    expect(yaml).toEqual({ capabilities });
  });

  it("writes one item in the queue that is named for it, and deletes it", async () => {
    const { desk: made } = await examine(
      tenantWith(all, { queues: [{ name: "lock", folder: "Finance", uniqueReferences: true }] }),
    );
    const { capabilities } = await probed(made, ["--probe-queue", "lock"]);
    expect(capabilities).toMatchObject({ referenceIn: true, startsWith: true, rowVersionConflict: "failedItems" });
    const writes = made.emulator.requests().filter(({ method }) => method !== "GET");
    expect(writes.map(({ method, path }) => `${method} ${path.replace(/^.*[./]/, "")}`)).toEqual([
      "POST AddQueueItem",
      expect.stringMatching(/^PUT QueueItems/),
      "POST DeleteBulk",
      "POST DeleteBulk",
    ]);
    const { stdout } = await made.run(["items", "--queue", "lock", "-o", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ status: "Deleted" }] });
  });

  it("tells a conflict by its status, and names an item that it could not delete", async () => {
    const { desk: made } = await examine(tenantWith(all));
    made.emulator.faults.set([
      { match: { path: "*.DeleteBulk" }, handle: "no", answer: { status: 409, errorCode: 1020, message: "conflict" } },
    ]);
    const { capabilities } = await probed(made, ["--probe-queue", "lock"]);
    expect(capabilities).toMatchObject({ rowVersionConflict: "409" });
    const { code, stdout } = await made.run(["doctor", "QueueItems", "--probe-queue", "lock"]);
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "the item that was added for the probe could not be deleted → delete it: its reference begins with doctor/",
    );
    expect(stdout).toContain('rowVersionConflict: "409"');
  });

  it("writes nothing in a queue that robots or rules work on", async () => {
    const { desk: made } = await examine(tenantWith(all));
    const { code, stdout } = await made.run(["doctor", "QueueItems", "--probe-queue", "plain", "-o", "json"]);
    expect(code).toBe(4);
    expect(stdout).toContain("queue plain: it does not enforce unique references: nothing is written there");
    expect(made.emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("names the item where nobody knows whether it was added, and does not add it again", async () => {
    const { desk: made } = await examine(tenantWith(all));
    made.emulator.faults.set([{ match: { path: "*.AddQueueItem" }, handle: "once", answer: "close" }]);
    const { code, stdout } = await made.run(["doctor", "QueueItems", "--probe-queue", "lock", "-o", "json"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/nobody knows whether item doctor\/[-\da-f]{36} was added to queue lock/);
    expect(made.emulator.requests().filter(({ method }) => method !== "GET")).toHaveLength(1);
  });

  it("needs a folder", async () => {
    const { desk: made } = await examine(tenantWith(all), { folder: undefined });
    expect(await made.run(["doctor", "--probe"])).toMatchObject({ code: 64 });
  });
});
