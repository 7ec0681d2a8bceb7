import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import { root, temporaryFolder, type CliResult } from "../support/cli.ts";
import { manifests, tenant, workplace, writeFiles } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

const overlay = (kind: string, name: string, rest: string): string =>
  `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { name: ${name} }\n${rest}\n`;
const queues = [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }];
const processes = [{ name: "Smoke", folder: "Finance" }];

/** `orch-sync` in a folder of its own with these files. */
async function inFolder(files: Readonly<Record<string, string>>, args: readonly string[]): Promise<CliResult> {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return inProcess(args, { cwd: folder, env: { SET: "set" } });
}

describe("--overlay", () => {
  const files = {
    "manifests/a.yaml": manifests.items("{ queue: DocQueue, items: [{ reference: A }] }"),
    "overlays/test/a.yaml": overlay("QueueItems", "march", "spec: { items: [{ reference: T1 }, { reference: T2 }] }"),
    "overlays/extra/a.yaml": overlay("QueueItems", "march", "spec: { order: any, items: [{ reference: X }] }"),
  };

  it("changes what plan and apply do", async () => {
    const { run, emulator } = await workplace({ tenant: tenant({ queues }), files });
    expect((await run(["plan", "--overlay", "overlays/test"])).stdout).toContain("Plan: 2 to create.");
    const flags = ["--overlay", "overlays/test", "--overlay", "overlays/extra/a.yaml", "--auto-approve"];
    expect(await run(["apply", ...flags])).toMatchObject({ code: 0 });
    expect(sentEffects(emulator.requests())).toEqual(["create X"]);
  });

  it("points into the overlay for what stands there", async () => {
    const broken = { ...files, "overlays/test/a.yaml": overlay("QueueItems", "march", "spec: { order: sideways }") };
    const { code, stdout } = await inFolder(broken, ["validate", "manifests", "--overlay", "overlays/test"]);
    expect(code).toBe(3);
    expect(stdout).toContain("overlays/test/a.yaml:4:16 error MF013: order must be one of manifest, any");
    expect(stdout).toContain("4 │ spec: { order: sideways }");
  });

  it("refuses an overlay that matches nothing", async () => {
    const other = { ...files, "overlays/test/a.yaml": overlay("QueueItems", "marsh", "spec: {}") };
    const { code, stdout } = await inFolder(other, ["validate", "manifests", "--overlay", "overlays/test"]);
    expect(code).toBe(3);
    expect(stdout).toContain("MF043: there is no QueueItems/marsh to overlay");
    expect(stdout).toContain('did you mean "march"?');
  });
});

it("docs/overlays.md shows what validate -o yaml prints", async () => {
  const page = readFileSync(join(root, "docs/overlays.md"), "utf8");
  const [manifest = "", patch = "", result = ""] = Array.from(
    page.matchAll(/```yaml\n([^]*?)```/g),
    ([, yaml]) => yaml,
  );
  const args = ["validate", "m.yaml", "--overlay", "prod.yaml", "-o", "yaml"];
  const printed = await inFolder({ "m.yaml": manifest, "prod.yaml": patch }, args);
  expect(printed).toMatchObject({ code: 0, stderr: "", stdout: result });
  for (const yaml of [manifest, patch, result]) {
    expect(await inFolder({ "m.yaml": yaml }, ["validate", "m.yaml"])).toMatchObject({ code: 0 });
  }
});

describe("validate -o yaml", () => {
  const text = `apiVersion: orch-sync/v1
kind: QueueItems
metadata: { name: march, folder: Finance }
spec:
  queue: \${env:SET}
  sensitive: [Email]
  items:
    - { reference: A, content: { Email: ana@corp.example, Note: "$\${literal}", No: "no", Id: "007", E: 1e3 } }
`;
  const files = {
    "manifests/b.yaml": manifests.job('{ process: "${env:UNSET}" }'),
    "manifests/a.yaml": text,
    "prod.yaml": overlay("Job", "smoke", "spec: { process: Smoke, dependsOn: [QueueItems/march@Finance, Job/other] }"),
  };
  const printed = `apiVersion: orch-sync/v1
kind: QueueItems
metadata:
  name: march
  folder: Finance
spec:
  queue: set
  sensitive:
    - Email
  items:
    - reference: A
      content:
        Email: (sensitive)
        Note: $\${literal}
        "No": "no"
        Id: "007"
        E: 1000
---
apiVersion: orch-sync/v1
kind: Job
metadata:
  name: smoke
spec:
  process: Smoke
  dependsOn:
    - QueueItems/march@Finance
    - Job/other
`;
  const args = ["validate", "manifests", "--overlay", "prod.yaml", "-o", "yaml"];

  it("prints the documents with values and overlays, and warnings on stderr", async () => {
    const { code, stdout, stderr } = await inFolder(files, args);
    expect([code, stdout]).toEqual([0, printed]);
    expect(stderr).toContain("prod.yaml:4:63 warning MF020: Job/other is not among the manifests");
    expect(stderr).not.toContain("ana@corp.example");
    const validated = ["validate", "all.yaml", "-o", "yaml"];
    const refused = await inFolder({ "all.yaml": stdout }, validated);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("MF050")]);
    const filledIn = printed.replace("(sensitive)", "ana@corp.example");
    const again = await inFolder({ "all.yaml": filledIn }, validated);
    expect([again.code, again.stdout]).toEqual([0, printed]);
  });

  it("prints what is selected", async () => {
    const { stdout } = await inFolder(files, [...args, "--select", "kind=Job"]);
    expect(stdout).toBe(printed.slice(printed.indexOf("---\n") + 4));
  });

  it("prints nothing on stdout where something is wrong", async () => {
    const { code, stdout, stderr } = await inFolder(files, ["validate", "manifests", "-o", "yaml"]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("MF016");
  });

  it("is for validate alone", async () => {
    const { code, stderr } = await inFolder(files, ["plan", "manifests", "-o", "yaml"]);
    expect([code, stderr]).toEqual([
      64,
      expect.stringContaining("Allowed choices are human, json, ndjson, markdown, html."),
    ]);
  });
});

describe("--select and --exclude", () => {
  const files = {
    "manifests/a.yaml": manifests.items("{ queue: DocQueue, items: [{ reference: A }] }"),
    "manifests/b.yaml": manifests.items("{ queue: Nowhere, items: [{ reference: B }] }", "broken"),
    "manifests/c.yaml": manifests.job("{ process: Smoke, run: once, dependsOn: [QueueItems/broken] }"),
  };

  it("plan and apply only what is kept, and warn of dependencies that are not", async () => {
    const { inProcess: run, emulator } = await workplace({ tenant: tenant({ queues, processes }), files });
    const warning = "Job/smoke depends on QueueItems/broken, which is not selected: it counts as done";
    const { code, stdout } = await run(["plan", "--select", "kind=job", "--select", "name=mar*"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`manifests/c.yaml:4:48 warning MF047: ${warning}`);
    expect(stdout).toContain("Plan: 1 to start, 1 to create.");
    const json = await run(["plan", "--exclude", "name=broken", "-o", "json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      diagnostics: [{ code: "PL010" }, { code: "MF047", message: warning }],
    });
    expect(await run(["apply", "--select", "name=march", "--auto-approve"])).toMatchObject({ code: 0 });
    expect(sentEffects(emulator.requests())).toEqual(["create A"]);
  });

  it("plan and apply name the flags that leave out what is blocked, and they do", async () => {
    const { inProcess: run, emulator } = await workplace({ tenant: tenant({ queues, processes }), files });
    const flags = "--exclude 'kind=QueueItems,name=broken' --exclude 'kind=Job,name=smoke'";
    const plan = await run(["plan"]);
    expect([plan.code, plan.stdout]).toEqual([
      4,
      expect.stringContaining(`leave it out and what depends on it:\n  ${flags}\n`),
    ]);
    const apply = await run(["apply", "--auto-approve"]);
    expect([apply.code, apply.stderr]).toEqual([4, expect.stringContaining(flags)]);
    const given = flags.replaceAll("'", "").split(" ");
    expect(await run(["apply", "--auto-approve", ...given])).toMatchObject({ code: 0 });
    expect(sentEffects(emulator.requests())).toEqual(["create A"]);
  });

  it("never let prune touch what another manifest names", async () => {
    const { inProcess: run, emulator } = await workplace({
      tenant: tenant({
        queues,
        items: ["A", "B", "C"].map((reference) => ({ queue: "DocQueue", folder: "Finance", reference })),
      }),
      files: {
        "manifests/a.yaml": manifests.items("{ queue: DocQueue, items: [], prune: { referencePrefix: A } }", "a"),
        "manifests/b.yaml": manifests.items("{ queue: DocQueue, items: [{ reference: A }] }", "b"),
      },
      target: "guards: { maxDeletes: 5 }",
    });
    const { stdout } = await run(["plan", "--select", "name=a", "--force", "emptySet"]);
    expect(stdout).toContain("Nothing to do");
    expect(sentEffects(emulator.requests())).toEqual([]);
  });

  it("validate says how many of the valid ones are selected", async () => {
    const { code, stdout } = await inFolder(files, ["validate", "manifests", "--select", "kind=QueueItems"]);
    expect([code, stdout]).toEqual([0, "3 manifests in 3 files are valid, 2 selected.\n"]);
    const json = await inFolder(files, ["validate", "manifests", "--select", "name=march", "-o", "json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ manifests: 3, selected: 1 });
  });

  it.each([
    [["--select", "kind=Jop"], 'has the unknown kind "Jop"', 'did you mean "Job"?'],
    [
      ["--select", "name=april"],
      '--select "name=april" matches no manifest',
      "there are QueueItems/march, QueueItems/broken",
    ],
    [["--exclude", "queue=x"], 'has the unknown key "queue"', "known are kind, name, folder, label.KEY"],
    [["--exclude", "name=*"], "leave no manifest", "there are QueueItems/march"],
  ])("%j is a usage error", async (flags, message, hint) => {
    const { code, stdout, stderr } = await inFolder(files, ["validate", "manifests", ...flags]);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });
});

describe("a limit of YAML files", () => {
  const item = (content: string): string =>
    manifests.items(`{ queue: Q, items: [{ reference: A, content: ${content} }] }`);
  const bomb = Array.from({ length: 10 }, (_, index) => {
    const above = index === 0 ? "1" : `*a${index - 1}`;
    return `a${index}: &a${index} [${Array(10).fill(above).join(", ")}]`;
  }).join("\n");
  const many = Array.from({ length: 20_001 }, (_, index) => `    - { reference: I${index} }`).join("\n");

  it.each<[string, string | Buffer, string, string]>([
    [
      "more than 5 MB",
      `# ${"x".repeat(5 * 1024 * 1024)}`,
      "m.yaml:1:1 error MF002: the file is larger than 5 MB",
      "spec.source",
    ],
    [
      "more than 20,000 items",
      `apiVersion: orch-sync/v1\nkind: QueueItems\nmetadata: { name: m }\nspec:\n  queue: Q\n  items:\n${many}\n`,
      "m.yaml:6:3 error MF040: the file holds more than 20,000 queue items",
      "spec.source",
    ],
    ["aliases that stand for ten billion values", bomb, "error MF005", "aliases stand for more than 100,000 values"],
    ["20,000 levels", `a: ${"[".repeat(20_000)}`, "error MF005", "more than 64 levels of nesting"],
    ["a number that loses digits", item("{ N: 12345678901234567890 }"), "m.yaml:4:57 error MF006", "put it in quotes"],
    ["leading zeros", item("{ N: 007 }"), "m.yaml:4:57 error MF041", "put it in quotes"],
    ["a key twice", item("{ N: 1, N: 2 }"), "m.yaml:4:60 error MF004", 'key "N" occurs twice'],
    ["a tab", "a:\n\tb: 1\n", "m.yaml:2:1 error MF003", "a tab is not allowed as indentation"],
    [
      "another encoding",
      Buffer.from("a: 1\nb: \xe4\n", "latin1"),
      "m.yaml:2:4 error MF001",
      "not UTF-8 text: save it as UTF-8",
    ],
    ["UTF-16", Buffer.from("\uFEFFa: 1\n", "utf16le"), "m.yaml:1:1 error MF001", "UTF-16 text: save it as UTF-8"],
    ["UTF-16, big end first", Buffer.from("\uFEFFa: 1\n", "utf16le").swap16(), "m.yaml:1:1 error MF001", "UTF-16"],
    ["a NUL byte", "a: 1\nb: \0\n", "m.yaml:2:4 error MF001", "NUL byte"],
    ["__proto__", item("{ __proto__: 1 }"), "m.yaml:4:54 error MF005", 'the key "__proto__" is not allowed'],
    ["a tag", item("{ N: !!binary aGk= }"), "m.yaml:4:57 error MF005", "a tag has no meaning here"],
  ])("%s", async (_name, content, place, words) => {
    const { code, stdout, stderr } = await inFolder({ "m.yaml": content as string }, ["validate", "m.yaml"]);
    expect([code, stderr]).toEqual([3, ""]);
    expect(stdout).toContain(place);
    expect(stdout).toContain(words);
  });

  it("a link out of the project, unless --allow-outside", async () => {
    const folder = temporaryFolder();
    const config = "apiVersion: orch-sync/v1\nkind: Config\nmanifests: [manifests]\n";
    writeFiles(folder, {
      "outside/a.yaml": manifests.job("{ process: A }", "a"),
      "project/manifests/b.yaml": manifests.job("{ process: A }", "b"),
      "project/orch-sync.yaml": config,
    });
    symlinkSync(join(folder, "outside/a.yaml"), join(folder, "project/manifests/a.yaml"));
    const run = (...args: string[]): Promise<CliResult> =>
      inProcess(["validate", ...args], { cwd: join(folder, "project") });
    const { code, stdout } = await run();
    expect([code, stdout]).toEqual([
      3,
      expect.stringContaining("manifests/a.yaml:1:1 error MF042: the link leads out"),
    ]);
    expect(await run("--allow-outside")).toMatchObject({ code: 0, stdout: "2 manifests in 2 files are valid.\n" });
    expect(await run("manifests/a.yaml")).toMatchObject({ code: 0, stdout: "1 manifest in 1 file is valid.\n" });
  });

  it("a file that is not there, named once", async () => {
    const { code, stderr } = await inFolder({}, ["plan", "--config", "nowhere.yaml"]);
    expect(code).toBe(3);
    expect(stderr).toContain("nowhere.yaml:1:1 error MF001: the config does not exist\n");
  });
});
