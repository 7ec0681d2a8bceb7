import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import { manifests, tenant, workplace, type Workplace } from "../support/server.ts";

const everything = ["Queues.View", "Transactions.View", "Transactions.Create", "SubFolders.View", "Processes.View"];
const without = (...missing: readonly string[]): readonly string[] =>
  everything.filter((name) => !missing.includes(name));
const users = [
  { userName: "loader", permissions: [{ folder: "Finance", names: everything }] },
  { userName: "reader", permissions: [{ folder: "Finance", names: without("Transactions.Create") }] },
  { userName: "blind", permissions: [{ folder: "Finance", names: without("Transactions.View") }] },
  { userName: "homeless", permissions: [{ folder: "Finance", names: without("SubFolders.View") }] },
  { userName: "elsewhere", permissions: [{ folder: "Elsewhere", names: everything }] },
];
const applications = [
  { clientId: "queues", clientSecret: "s3cret", scopes: ["OR.Folders.Read", "OR.Queues"] },
  { clientId: "jobs", clientSecret: "s3cret", scopes: ["OR.Folders.Read", "OR.Jobs"] },
];
const files = { "manifests/a.yaml": manifests.items("{ queue: DocQueue, items: [{ reference: A }] }") };

const start = async (auth?: string): Promise<Workplace> =>
  workplace({
    tenant: tenant({
      folders: [{ path: "Finance" }, { path: "Elsewhere" }],
      queues: [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }],
      users,
      applications,
    }),
    files,
    ...(auth === undefined ? {} : { auth }),
  });

describe("a user", () => {
  it("with the permissions that the work needs, and no others, does it", async () => {
    const { run, emulator } = await start();
    const { code } = await run(["apply", "--auto-approve"], { env: { TOKEN: emulator.tokenFor("loader") } });
    expect(code).toBe(0);
    expect(sentEffects(emulator.requests())).toEqual(["create A"]);
  });

  it("who may not see folders gets no plan: it ends with 6 and names call and permission", async () => {
    const { inProcess: run, emulator } = await start();
    const { code, stdout, stderr } = await run(["plan"], { env: { TOKEN: emulator.tokenFor("homeless") } });
    expect([code, stdout]).toEqual([6, ""]);
    expect(stderr).toContain("GET /odata/Folders");
    expect(stderr).toContain("403");
    expect(stderr).toContain("Units.View or SubFolders.View");
    expect(emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  });

  describe("who may not read what one manifest needs", () => {
    const processes = [{ name: "Smoke", folder: "Finance" }];
    const two = {
      ...files,
      "manifests/b.yaml": "apiVersion: orch-sync/v1\nkind: Job\nmetadata: { name: smoke }\nspec:\n  process: Smoke\n",
    };
    const items = (permissions: readonly string[]): Promise<Workplace> =>
      workplace({
        tenant: tenant({
          folders: [{ path: "Finance" }],
          queues: [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }],
          processes,
          users: [{ userName: "narrow", permissions: [{ folder: "Finance", names: permissions }] }],
        }),
        files: two,
      });

    it.each([
      ["Transactions.View", without("Transactions.View", "Processes.View"), "GET /odata/QueueItems", "a.yaml:4"],
      ["Queues.View", without("Queues.View", "Processes.View"), "GET /odata/QueueDefinitions", "a.yaml:4"],
      ["Processes.View", without("Processes.View"), "GET /odata/Releases", "b.yaml:5"],
      ["Jobs.View", everything, "GET /odata/Jobs", "b.yaml:5"],
    ])("because of %s: plan ends with 6 and names it at the manifest's line", async (name, names, call, line) => {
      const { inProcess: run, emulator } = await items(names);
      const env = { TOKEN: emulator.tokenFor("narrow") };
      const { code, stdout } = await run(["plan"], { env });
      const flat = stdout.replaceAll(/\s+/g, " ");
      expect(code).toBe(6);
      expect(flat).toContain(`this account may not read what it needs: ${call} was answered with HTTP 403`);
      expect(flat).toContain(`manifests/${line}`);
      expect(flat).toMatch(new RegExp(`the account needs the permission [^;]*${name}`));
      expect(emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    });

    it("sees the rest of the plan, in JSON too, and apply writes none of it", async () => {
      const { inProcess: run, emulator } = await items(everything);
      const env = { TOKEN: emulator.tokenFor("narrow") };
      expect((await run(["plan"], { env })).stdout).toContain("Plan: 1 to create, 1 blocked.");
      const { stdout, code } = await run(["plan", "-o", "json"], { env });
      const { resources } = JSON.parse(stdout) as { resources: { key: object; changes: object[] }[] };
      expect(code).toBe(6);
      expect(resources).toMatchObject([
        { changes: [{ action: "create" }] },
        { changes: [{ action: "blocked", cause: "permission", reason: { code: "permission-missing" } }] },
      ]);
      const applied = await run(["apply", "--auto-approve"], { env });
      expect(applied.code).toBe(6);
      expect(applied.stderr).toContain("the account lacks a permission: nothing was written");
      expect(sentEffects(emulator.requests())).toEqual([]);
    });
  });

  it("who does not see the folder is told that it is not there", async () => {
    const { inProcess: run, emulator } = await start();
    const { code, stdout } = await run(["plan"], { env: { TOKEN: emulator.tokenFor("elsewhere") } });
    expect(code).toBe(4);
    expect(stdout).toContain("folder Finance does not exist, or these credentials have no access to it");
  });

  it("who may only read gets a plan, and an apply that fails without having written", async () => {
    const { inProcess: run, emulator } = await start();
    const env = { TOKEN: emulator.tokenFor("reader") };
    expect((await run(["plan"], { env })).stdout).toContain("Plan: 1 to create.");
    const { code, stdout, stderr } = await run(["apply", "--auto-approve"], { env });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("403");
    expect((await run(["plan"])).stdout).toContain("Plan: 1 to create."); // nothing was added, and it may be sent again
  });
});

describe("an external application", () => {
  const auth = (client: string): string =>
    `auth: { type: clientCredentials, clientId: ${client}, clientSecret: "\${env:SECRET}", scope: "OR.Folders.Read ${client === "queues" ? "OR.Queues" : "OR.Jobs"}" }`;

  it("with the scopes that the work needs, and no others, does it", async () => {
    const { inProcess: run, emulator } = await start(auth("queues"));
    const { code } = await run(["apply", "--auto-approve"], { env: { SECRET: "s3cret" } });
    expect(code).toBe(0);
    expect(sentEffects(emulator.requests())).toEqual(["create A"]);
  });

  it("without the scope: plan ends with 6 and names the call", async () => {
    const { inProcess: run } = await start(auth("jobs"));
    const { code, stdout } = await run(["plan"], { env: { SECRET: "s3cret" } });
    const flat = stdout.replaceAll(/\s+/g, " ");
    expect(code).toBe(6);
    expect(flat).toMatch(/GET \/odata\/Queue\w+ was answered with HTTP 403/);
    expect(flat).toContain("an external application also the scope OR.Queues.Read");
  });
});
