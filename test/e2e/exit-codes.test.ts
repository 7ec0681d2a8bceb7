import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import { exampleCopy, orchSync, root, temporaryFolder } from "../support/cli.ts";
import { manifests, tenant, workplace, writeFiles } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

const queues = [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }];
const processes = [
  {
    name: "InvoiceSmokeTest",
    folder: "Finance",
    run: { pending: "1ms", duration: "20ms", state: "Successful" as const },
  },
];
const oneItem = { "manifests/a.yaml": manifests.items("{ queue: DocQueue, items: [{ reference: A }] }") };

describe("exit code 0", () => {
  it("plan: when there are changes, too, and it writes nothing", async () => {
    const { run, emulator } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    expect(await run(["plan"])).toMatchObject({ code: 0, stderr: "" });
    expect(emulator.requests().length).toBeGreaterThan(0);
    expect(sentEffects(emulator.requests())).toEqual([]);
  });

  it("apply: everything is done", async () => {
    const { inProcess: run, emulator } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    expect(await run(["apply", "--auto-approve"])).toMatchObject({ code: 0 });
    expect(sentEffects(emulator.requests())).toEqual(["create A"]);
  });

  it("validate: needs neither config nor target", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, oneItem);
    expect(await orchSync(["validate", "manifests"], { cwd: folder })).toEqual({
      code: 0,
      stderr: "",
      stdout: "1 manifest in 1 file is valid.\n",
    });
  });

  it("reads manifests from stdin", async () => {
    const { run } = await workplace({ tenant: tenant({ queues }), files: {} });
    const input = `${oneItem["manifests/a.yaml"]}---\n${manifests.items("{ queue: DocQueue, items: [{ reference: B }] }", "april")}`;
    expect((await run(["plan", "-"], { input })).stdout).toContain("Plan: 2 to create.");
  });

  it.each([["--help"], ["plan", "--help"], ["--version"]])("%s %s", async (...args) => {
    const { code, stdout, stderr } = await inProcess(args.filter((arg) => arg !== undefined));
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.length).toBeGreaterThan(3);
  });
});

describe("exit code 1: the run could not go on", () => {
  it("names the host and the cause when the server cannot be reached", async () => {
    const { inProcess: run, emulator } = await workplace({
      tenant: tenant({ queues }),
      files: oneItem,
      target: "timing: { request: 1s }",
    });
    await emulator.close();
    const { code, stderr, stdout } = await run(["plan"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(new URL(emulator.url).host);
    expect(stderr).toContain("connection refused");
  });
});

describe("exit code 1, with words instead of a stack trace", () => {
  it("the data file of an embedded target is a folder", async () => {
    const folder = exampleCopy("quickstart");
    mkdirSync(join(folder, ".orch-sync/local.db"), { recursive: true });
    const { code, stderr } = await inProcess(["plan"], { cwd: folder });
    expect([code, stderr]).toEqual([1, expect.stringContaining("cannot be opened")]);
    expect(stderr).not.toContain("    at ");
  });

  it("the output cannot be written, and what was asked for is done all the same", async () => {
    const { folder, emulator } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    const command = `'${process.execPath}' '${join(root, "dist/bin.js")}' apply --auto-approve > /dev/full`;
    const { status, stderr } = await new Promise<{ status: number | null; stderr: string }>((resolve) => {
      execFile(
        "sh",
        ["-c", command],
        { cwd: folder, env: { PATH: process.env["PATH"], TOKEN: emulator.token } },
        (error, _out, text) => resolve({ status: typeof error?.code === "number" ? error.code : 0, stderr: text }),
      );
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining("the output could not be written")]);
    expect(stderr).not.toContain("    at ");
    expect(sentEffects(emulator.requests())).toEqual(["create A"]);
  });
});

describe("exit code 2", () => {
  it("plan --detailed-exitcode found changes", async () => {
    const { inProcess: run } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    expect((await run(["plan", "--detailed-exitcode"])).code).toBe(2);
  });

  it("a run to wait for counts as one", async () => {
    const slow = [{ name: "InvoiceSmokeTest", folder: "Finance", run: { duration: "1h" } }];
    const jobs = [
      { process: "InvoiceSmokeTest", folder: "Finance", state: "Running" as const, reference: "smoke@once" },
    ];
    const { inProcess: run } = await workplace({
      tenant: tenant({ processes: slow, jobs }),
      files: { "manifests/j.yaml": manifests.job("{ process: InvoiceSmokeTest, run: once }") },
    });
    const { code, stdout } = await run(["plan", "--detailed-exitcode"]);
    expect([code, stdout]).toEqual([2, expect.stringContaining("… Job/smoke")]);
  });
});

describe("exit code 3: manifests or config are invalid, and nothing is called", () => {
  const broken = manifests.items("{ queue: DocQueue, items: [{ refrence: A }, { reference: B, priority: Hihg }] }");

  it.each([["validate"], ["plan"], ["apply", "--auto-approve"]])(
    "%s reports every problem at once",
    async (...args) => {
      const { inProcess: run, emulator } = await workplace({
        tenant: tenant({ queues }),
        files: { "manifests/a.yaml": broken },
      });
      const { code, stdout, stderr } = await run(args.filter((arg) => arg !== undefined));
      expect(code).toBe(3);
      expect(stdout + stderr).toContain('did you mean "reference"?');
      expect(stdout + stderr).toContain('did you mean "High"?');
      expect(stdout + stderr).toContain("manifests/a.yaml:4:");
      expect(emulator.requests()).toEqual([]);
    },
  );

  it("for a config with an unknown key, and never prints a token", async () => {
    const { inProcess: run, folder, emulator } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    const config = readFileSync(join(folder, "orch-sync.yaml"), "utf8");
    writeFiles(folder, { "orch-sync.yaml": config.replace("folder: Finance", "foldr: Finance") });
    const { code, stderr } = await run(["plan"]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('did you mean "folder"?')]);
    expect(stderr).not.toContain(emulator.token);
    expect(emulator.requests()).toEqual([]);
  });

  it("names every problem once, also those of a default target that does not exist", async () => {
    const { inProcess: run, folder } = await workplace({
      tenant: tenant({ queues }),
      files: { "manifests/a.yaml": broken },
    });
    const config = readFileSync(join(folder, "orch-sync.yaml"), "utf8");
    writeFiles(folder, { "orch-sync.yaml": config.replace("defaultTarget: test", "defaultTarget: tset") });
    for (const command of ["validate", "plan"]) {
      const { code, stdout, stderr } = await run([command]);
      expect([code, stdout + stderr]).toEqual([3, expect.stringContaining('there is no target "tset"')]);
      expect((stdout + stderr).match(/did you mean "reference"\?/g)).toHaveLength(1);
    }
    writeFiles(folder, { "orch-sync.yaml": config.replace("folder: Finance", "foldr: Finance") });
    expect((await run(["plan"])).stderr.match(/unknown key "foldr"/g)).toHaveLength(1);
  });

  it("finds no manifests where some were named", async () => {
    const { run, inProcess: here, folder } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    mkdirSync(join(folder, "empty"));
    expect(await here(["plan", "empty"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("no manifest found") as string,
    });
    expect(await run(["plan", "-"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("standard input") as string,
    });
  });

  it("says so in json, too", async () => {
    const { inProcess: run } = await workplace({ tenant: tenant({ queues }), files: { "manifests/a.yaml": broken } });
    const { code, stdout } = await run(["validate", "-o", "json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, errors: 2, diagnostics: [{ source: { line: 4 } }, {}] });
  });
});

describe("exit code 4: refused before any write", () => {
  it.each([
    ["queue", manifests.items("{ queue: DocQueu, items: [{ reference: A }] }", "april"), "did you mean DocQueue?"],
    ["process", manifests.job("{ process: InvoiceSmokTest }"), "did you mean InvoiceSmokeTest?"],
    [
      "robot",
      manifests.job("{ process: InvoiceSmokeTest, strategy: { type: Specific, robots: [DocBt] } }"),
      "did you mean DocBot?",
    ],
    ["reviewer", manifests.review("{ queue: DocQueue, reviewers: [anna] }"), "did you mean ana?"],
    [
      "folder",
      manifests.job("{ process: InvoiceSmokeTest }").replace("smoke", "smoke, folder: Finanze"),
      "did you mean Finance?",
    ],
  ])("an unknown %s is a blocked line that names the nearest, and apply writes nothing", async (_what, text, hint) => {
    const { inProcess: run, emulator } = await workplace({
      tenant: tenant({
        queues,
        processes,
        machines: [{ name: "VM" }],
        robots: [{ name: "DocBot", machine: "VM", folders: ["Finance"] }],
        users: [{ userName: "ana", reviewer: true, folders: ["Finance"] }],
      }),
      files: { ...oneItem, "manifests/b.yaml": text },
    });
    const planned = await run(["plan"]);
    expect(planned.code).toBe(4);
    expect(planned.stdout).toContain("! ");
    expect(planned.stdout).toContain(hint);
    expect(planned.stdout).toMatch(/manifests\/b\.yaml:[34]/); // the field, not the document
    expect((await run(["apply", "--auto-approve"])).code).toBe(4);
    expect(sentEffects(emulator.requests())).toEqual([]);
  });

  it("a guard is exceeded, until it is forced", async () => {
    const spec = "{ queue: DocQueue, items: [{ reference: A }], prune: { referencePrefix: OLD } }";
    const items = [{ queue: "DocQueue", folder: "Finance", reference: "OLD-1" }];
    const { inProcess: run, emulator } = await workplace({
      tenant: tenant({ queues, items }),
      files: { "manifests/a.yaml": manifests.items(spec) },
    });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect([code, stdout]).toEqual([4, expect.stringContaining("maxDeletes allows 0")]);
    expect(stdout).toContain("--force maxDeletes");
    expect(sentEffects(emulator.requests())).toEqual([]);
    expect((await run(["apply", "--auto-approve", "--force", "maxDeletes"])).code).toBe(0);
    expect(sentEffects(emulator.requests())).toEqual(["delete 1", "create A"]);
  });
});

describe("exit code 5: apply ended with changes failed, skipped or unknown", () => {
  it("names every failed row with reference, place, code and text; the others are done", async () => {
    // Of a draft that no plan can judge content by: only the server refuses it.
    const $schema = "http://json-schema.org/draft-03/schema#";
    const jsonSchema = { $schema, type: "object", required: ["Email"], properties: { Email: { type: "string" } } };
    const spec =
      "{ queue: DocQueue, items: [\n  { reference: A, content: { Email: a } },\n  { reference: B, content: { Mail: b } },\n  { reference: C, content: { Email: c } }] }";
    const { inProcess: run } = await workplace({
      tenant: tenant({ queues: [{ name: "DocQueue", folder: "Finance", uniqueReferences: true, jsonSchema }] }),
      files: { "manifests/a.yaml": manifests.items(spec) },
    });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect(code).toBe(5);
    expect(stdout).toMatch(
      /^failed +QueueItems\/march B {2}manifests\/a\.yaml:6 {2}refused by the server: QueueItemSchemaViolationException: .*Email/m,
    );
    expect(stdout).toContain("Applied 2, already done 0, failed 1, skipped 0, unknown 0.");
  });

  it("skips what depends on a failure, and nothing else", async () => {
    const failing = [
      {
        ...processes[0],
        name: "Bad",
        folder: "Finance",
        run: { pending: "1ms", duration: "1ms", state: "Faulted" as const, info: "no sheet" },
      },
      ...processes,
    ];
    const { inProcess: run } = await workplace({
      tenant: tenant({ queues, processes: failing }),
      files: {
        ...oneItem,
        "manifests/b.yaml": manifests.job("{ process: Bad, startUntil: 2099-01-01T00:00:00Z }", "bad"),
        "manifests/c.yaml": manifests.job("{ process: InvoiceSmokeTest, dependsOn: [Job/bad] }", "after"),
      },
    });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect(code).toBe(5);
    expect(stdout).toContain("no sheet");
    expect(stdout).toContain("depends on Job/bad, which did not succeed");
    expect(stdout).toContain("Applied 1, already done 0, failed 1, skipped 1, unknown 0.");
    // The next plan attaches to the failed run and does not start it again.
    const next = await run(["plan"]);
    expect(next.stdout).toContain("not run again (onPreviousFailure: fail)");
  });
});

describe("exit code 6: authentication or permission", () => {
  it("the token is refused", async () => {
    const { inProcess: run } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    const { code, stderr } = await run(["plan"], { env: { TOKEN: "wrong-token-4711" } });
    expect(code).toBe(6);
    expect(stderr).toContain("401");
    expect(stderr).not.toContain("wrong-token-4711");
  });

  it("the client credentials are refused, and without a config the environment names the target", async () => {
    const { folder, emulator } = await workplace({ tenant: "documented", files: oneItem });
    const env = {
      ORCH_SYNC_URL: emulator.url,
      ORCH_SYNC_FOLDER: "Default",
      ORCH_SYNC_CLIENT_ID: "documented-app",
      ORCH_SYNC_SCOPE: "OR.Default",
    };
    const elsewhere = { cwd: temporaryFolder() };
    const args = ["plan", join(folder, "manifests")];
    const refused = await inProcess(args, { ...elsewhere, env: { ...env, ORCH_SYNC_CLIENT_SECRET: "wrong-secret" } });
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining("invalid_client")]);
    expect(refused.stderr).not.toContain("wrong-secret");
    const accepted = await inProcess(args, {
      ...elsewhere,
      env: { ...env, ORCH_SYNC_CLIENT_SECRET: "documented-secret" },
    });
    expect([accepted.code, accepted.stderr]).toEqual([4, ""]); // DocQueue needs seedUntil; the token was good
  });
});

describe("exit code 7: time ran out", () => {
  const slow = [{ name: "InvoiceSmokeTest", folder: "Finance", run: { pending: "1ms", duration: "1h" } }];

  it("a wait that runs out leaves the job alone, and the next apply attaches to it", async () => {
    const text = manifests.job("{ process: InvoiceSmokeTest, run: once, wait: { until: completed, timeout: 50ms } }");
    const { inProcess: run, emulator } = await workplace({
      tenant: tenant({ processes: slow }),
      files: { "manifests/j.yaml": text },
    });
    const first = await run(["apply", "--auto-approve"]);
    expect([first.code, first.stdout]).toEqual([7, expect.stringContaining("Applied 1,")]);
    expect((await run(["apply", "--auto-approve"])).code).toBe(7);
    expect(sentEffects(emulator.requests())).toEqual(["start smoke@once"]);
  });

  it("--timeout ends the run with a report", async () => {
    const text = manifests.job("{ process: InvoiceSmokeTest, run: once }");
    const { inProcess: run } = await workplace({
      tenant: tenant({ processes: slow }),
      files: { "manifests/j.yaml": text },
    });
    const { code, stdout } = await run(["apply", "--auto-approve", "--timeout", "2s"]);
    expect([code, stdout]).toEqual([7, expect.stringContaining("Applied 1,")]);
  });
});

describe("exit code 64: usage", () => {
  it.each<[string, string[], string]>([
    ["an unknown flag, with the nearest", ["plan", "--detailed-exitcod"], "--detailed-exitcode"],
    ["an unknown command, with the nearest", ["aply"], "apply"],
    ["a wrong number", ["plan", "--parallelism", "0"], "whole number"],
    ["a wrong guard", ["plan", "--force", "maxDelete"], "maxDeletes"],
    ["no terminal to ask at", ["apply"], "--auto-approve"],
    ["an unknown target, with the nearest", ["plan", "--target", "tset"], "did you mean test?"],
  ])("%s", async (_name, args, text) => {
    const { inProcess: run, emulator } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(text);
    expect(emulator.requests()).toEqual([]);
  });

  it.each([
    ["PATH", [""]],
    ...["--overlay", "--config", "--target", "--var-file", "--dotenv", "--report"].map((flag) => [flag, [flag, ""]]),
  ] as [string, string[]][])(
    "an empty %s, as of a variable that is not set, never widens what is applied",
    async (_name, args) => {
      const { inProcess: run, emulator } = await workplace({ tenant: tenant({ queues }), files: oneItem });
      const { code, stdout, stderr } = await run(["apply", "--auto-approve", ...args]);
      expect([code, stdout]).toEqual([64, ""]);
      expect(stderr).toContain("It is empty: the shell variable that it comes from may be unset.");
      expect(emulator.requests()).toEqual([]);
    },
  );

  it("an empty PATH among others", async () => {
    const { inProcess: run } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    expect(await run(["validate", "manifests", ""])).toMatchObject({ code: 64, stdout: "" });
  });

  it("stdin as an overlay", async () => {
    const { run } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    const { code, stderr } = await run(["validate", "--overlay", "-"], { input: "" });
    expect([code, stderr]).toEqual([64, expect.stringContaining("Overlays are files and folders, never stdin.")]);
  });

  it("a token that no header can carry: says so, and never shows it", async () => {
    const { inProcess: run, emulator } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    const { code, stdout, stderr } = await run(["plan"], { env: { TOKEN: "canary-\nsecret" } });
    expect([code, stderr]).toEqual([64, expect.stringContaining("the token holds a line break")]);
    expect(stdout + stderr).not.toMatch(/canary|secret/);
    expect(emulator.requests()).toEqual([]);
  });

  it("a list of allowed hosts that came out empty allows none", async () => {
    const { inProcess: run, emulator } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    const { code, stderr } = await run(["plan"], { env: { ORCH_SYNC_ALLOWED_HOSTS: "" } });
    expect([code, stderr]).toEqual([64, expect.stringContaining("not among the allowed hosts")]);
    expect(emulator.requests()).toEqual([]);
  });

  it("says when ORCH_SYNC_URL is set and not used", async () => {
    const { inProcess: run } = await workplace({ tenant: tenant({ queues }), files: oneItem });
    const { code, stderr } = await run(["plan"], { env: { ORCH_SYNC_URL: "https://elsewhere.example" } });
    expect([code, stderr]).toEqual([
      0,
      "warning: ORCH_SYNC_URL is set and not used: the target is test of the config\n",
    ]);
  });

  it("no target: says how to name one", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, oneItem);
    const { code, stderr } = await inProcess(["plan", "manifests"], { cwd: folder });
    expect([code, stderr]).toEqual([64, expect.stringContaining("ORCH_SYNC_URL")]);
  });

  it("no manifests: says how to name some", async () => {
    const { code, stderr } = await inProcess(["validate"], { cwd: temporaryFolder() });
    expect([code, stderr]).toEqual([64, expect.stringContaining("no manifests are named")]);
  });
});

describe("an old Node", () => {
  it("is told what to do, without a stack trace", async () => {
    const old =
      "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})";
    const { code, stderr } = await orchSync(["--version"], { env: { NODE_OPTIONS: `--import "${old}"` } });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("orch-sync needs Node.js 24 or later; this is 20.20.2"),
    ]);
  });
});
