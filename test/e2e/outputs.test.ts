import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exampleCopy, orchSync, temporaryFolder } from "../support/cli.ts";
import { expectInertHtml, expectInertMarkdown, readXml } from "../support/markup.ts";
import { manifests, tenant, workplace, writeFiles, type Workplace } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");

/** Two items, of which the server refuses the second; with `queue` another queue, which does not exist. */
async function halfGood(options: { readonly queue?: string } = {}): Promise<Workplace> {
  const items = "[{ reference: A, content: { a: 1 } }, { reference: B, content: { b: 1 } }]";
  // Of a draft that a plan cannot read: the server alone refuses.
  const jsonSchema = { $schema: "http://json-schema.org/draft-03/schema#", required: ["a"] };
  return workplace({
    tenant: tenant({
      queues: [{ name: "Q", folder: "Finance", uniqueReferences: true, jsonSchema }],
    }),
    files: { "manifests/a.yaml": manifests.items(`{ queue: ${options.queue ?? "Q"}, items: ${items} }`) },
  });
}

describe("plan", () => {
  it("prints Markdown and HTML, and nothing else on stdout", async () => {
    const cwd = exampleCopy("quickstart");
    const markdown = await inProcess(["plan", "-o", "markdown"], { cwd });
    expect([markdown.code, markdown.stderr]).toEqual([0, ""]);
    expect(markdown.stdout).toMatch(
      /^<!-- orch-sync plan target=local id=\w{64} -->\n\n### Plan for `local`\n\n\*\*Plan: 1 to delete, 1 to stop, /,
    );
    expect(markdown.stdout.length).toBeLessThan(65_536);
    expectInertMarkdown(markdown.stdout);
    const html = await inProcess(["plan", "-o", "html"], { cwd });
    expect(html.stdout).toMatch(/^<!doctype html>/);
    expectInertHtml(html.stdout);
  });

  it("writes a report of every kind beside its output, for nobody else to read", async () => {
    const cwd = exampleCopy("quickstart");
    const files = ["p.json", "p.md", "p.html", "p.codequality.json"];
    const { code, stdout } = await orchSync(["plan", ...files.flatMap((file) => ["--report", file])], { cwd });
    expect([code, stdout.split("\n")[0]]).toEqual([0, expect.stringContaining("Target local")]);
    expect(JSON.parse(read(cwd, "p.json"))).toMatchObject({ format: "orch-sync/plan/v1" });
    expectInertMarkdown(read(cwd, "p.md"));
    expectInertHtml(read(cwd, "p.html"));
    expect(read(cwd, "p.codequality.json")).toBe("[]\n");
    expect(files.map((file) => statSync(join(cwd, file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
    expect(readdirSync(cwd).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("writes reports of a plan that is refused, too", async () => {
    const { folder, inProcess: run } = await halfGood({ queue: "X" });
    const { code } = await run(["plan", "--report", "p.md", "--report", "p.codequality.json"]);
    expect(code).toBe(4);
    expect(read(folder, "p.md")).toContain("**Refused: 1 blocked: nothing can be applied.");
    expect(JSON.parse(read(folder, "p.codequality.json"))).toMatchObject([
      { check_name: "blocked", location: { path: "manifests/a.yaml", lines: { begin: 4 } } },
    ]);
  });

  it("names the endings that it can write when it is given another, before anything else", async () => {
    const { code, stderr } = await inProcess(["plan", "--report", "p.xml"], { cwd: temporaryFolder() });
    expect(code).toBe(64);
    expect(stderr).toContain(
      "it can write .codequality.json (code quality), .json (json), .md (markdown), .html (html)",
    );
    expect((await inProcess(["plan", "--report", "p.md", "--report", "./p.md"])).code).toBe(64);
  });

  it("writes nothing where manifests are invalid, but their Code Quality", async () => {
    const { folder, inProcess: run } = await workplace({
      tenant: tenant({}),
      files: { "manifests/a.yaml": manifests.items("{ qeue: Q }") },
    });
    const { code } = await run(["plan", "--report", "p.md", "--report", "p.codequality.json"]);
    expect([code, existsSync(join(folder, "p.md"))]).toEqual([3, false]);
    expect(JSON.parse(read(folder, "p.codequality.json"))).toContainEqual(
      expect.objectContaining({ location: { path: "manifests/a.yaml", lines: { begin: 4 } } }),
    );
  });
});

describe("apply", () => {
  it("writes what became of each change as Markdown, JSON and JUnit XML, failures included", async () => {
    const { folder, inProcess: run } = await halfGood();
    const args = [
      "apply",
      "--auto-approve",
      "-o",
      "markdown",
      "--report",
      "r.md",
      "--report",
      "r.json",
      "--report",
      "r.xml",
      "--report",
      "r.html",
    ];
    const { code, stdout } = await run(args);
    expect(code).toBe(5);
    expectInertHtml(read(folder, "r.html"));
    expect(read(folder, "r.html")).toContain("1 of 2 changes failed.");
    expect(stdout).toMatch(/^### Apply to `test`\n\n\*\*1 of 2 changes failed\.\*\*/);
    expectInertMarkdown(stdout);
    expect(read(folder, "r.md")).toBe(stdout);
    expect(JSON.parse(read(folder, "r.json"))).toMatchObject({ counts: { applied: 1, failed: 1 } });
    expect(readXml(read(folder, "r.xml")).attributes).toMatchObject({ tests: "2", failures: "1", errors: "0" });
  });

  it("writes them when the plan is refused, too", async () => {
    const { folder, inProcess: run } = await halfGood({ queue: "X" });
    const { code, stdout } = await run([
      "apply",
      "--auto-approve",
      "-o",
      "markdown",
      "--report",
      "r.xml",
      "--report",
      "r.json",
    ]);
    expect(code).toBe(4);
    expect(stdout).toContain("**Refused: 1 blocked: nothing can be applied.");
    expect(readXml(read(folder, "r.xml")).attributes).toMatchObject({ tests: "1", failures: "1" });
    expect(JSON.parse(read(folder, "r.json"))).toMatchObject({ counts: { applied: 0 }, calls: 0 });
    const json = await run(["apply", "--auto-approve", "-o", "json"]);
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([4, { counts: { applied: 0 }, outcomes: [] }]);
  });

  it("knows before the first call that a report cannot be written", async () => {
    const { emulator, folder, inProcess: run } = await halfGood();
    mkdirSync(join(folder, "taken.md"));
    for (const file of ["none/r.json", "taken.md"]) {
      const { code, stderr } = await run(["apply", "--auto-approve", "--report", "r.xml", "--report", file]);
      expect([code, stderr]).toEqual([1, expect.stringContaining(`the report ${file} cannot be written: E`)]);
    }
    expect(emulator.requests()).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.includes("r.xml"))).toEqual([]);
  });
});

describe("in GitHub Actions", () => {
  const github = (folder: string): Readonly<Record<string, string>> => ({
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: join(folder, ".."),
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "acme/rpa",
    GITHUB_RUN_ID: "7",
  });

  it("blocked lines are annotated where they stand, and the plan is on the page of the run", async () => {
    const { folder, inProcess: run } = await halfGood({ queue: "X" });
    writeFileSync(join(folder, "summary.md"), "before\n");
    const { code, stderr, stdout } = await run(["plan"], { env: github(folder) });
    expect(code).toBe(4);
    const name = folder.split("/").at(-1) ?? "";
    expect(stderr).toContain(`::error file=${name}/manifests/a.yaml,line=4,col=`);
    expect(stdout).not.toMatch(/^::/m);
    expect(read(folder, "summary.md")).toMatch(/^before\n\n<!--.*-->\n\n### Plan for `test`\n\n/);
  });

  it("a validation annotates every problem", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "manifests/a.yaml": manifests.items("{ qeue: Q, items: [] }") });
    const { code, stderr } = await inProcess(["validate", "manifests"], { cwd: folder, env: github(folder) });
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^::error file=\S+manifests\/a\.yaml,line=4,col=9,title=/m),
    ]);
    expect(existsSync(join(folder, "summary.md"))).toBe(false);
  });

  it("an apply annotates what failed and puts its report on the page of the run", async () => {
    const { folder, inProcess: run } = await halfGood();
    const { code, stderr } = await run(["apply", "--auto-approve"], { env: github(folder) });
    expect([code, stderr]).toEqual([
      5,
      expect.stringMatching(/^::error file=\S+,title=orch-sync failed::QueueItems\/march B failed: /m),
    ]);
    expect(read(folder, "summary.md")).toContain("\n### Apply to `test`\n");
  });

  it("a summary that cannot be written is a warning, and one that is full is not made longer", async () => {
    const cwd = exampleCopy("quickstart");
    const env = github(cwd);
    writeFileSync(join(cwd, "summary.md"), "x".repeat(1024 * 1024 - 200));
    const full = await inProcess(["plan"], { cwd, env });
    expect([full.code, full.stderr]).toEqual([
      0,
      expect.stringContaining("warning: the summary for the CI system was not written: "),
    ]);
    expect(read(cwd, "summary.md").length).toBe(1024 * 1024 - 200);
    const missing = await inProcess(["plan"], { cwd, env: { ...env, GITHUB_STEP_SUMMARY: join(cwd, "none/s.md") } });
    expect([missing.code, missing.stderr]).toEqual([0, expect.stringContaining("not written: ENOENT")]);
  });

  it("--quiet says nothing of it", async () => {
    const { folder, inProcess: run } = await halfGood({ queue: "X" });
    const { stderr } = await run(["plan", "--quiet"], { env: github(folder) });
    expect([stderr, existsSync(join(folder, "summary.md"))]).toEqual(["", false]);
  });
});

describe("in Azure Pipelines and GitLab", () => {
  it("Azure is told of issues and of a summary", async () => {
    const { folder, inProcess: run } = await halfGood({ queue: "X" });
    const { stderr } = await run(["plan"], { env: { TF_BUILD: "True", AGENT_TEMPDIRECTORY: folder } });
    expect(stderr).toContain(
      `##vso[task.logissue type=error;sourcepath=${join(folder, "manifests/a.yaml")};linenumber=4;`,
    );
    const [, file = ""] = /^##vso\[task\.uploadsummary\](.*)$/m.exec(stderr) ?? [];
    expect(readFileSync(file, "utf8")).toContain("### Plan for `test`");
  });

  it("GitLab, which reads no commands, gets none", async () => {
    const { folder, inProcess: run } = await halfGood({ queue: "X" });
    const env = {
      GITLAB_CI: "true",
      CI_PROJECT_DIR: join(folder, "manifests"),
      CI_JOB_URL: "https://gitlab.example/-/jobs/1",
    };
    const { stderr } = await run(["plan", "--report", "gl.codequality.json"], { env });
    expect(stderr).toBe("");
    expect(JSON.parse(read(folder, "gl.codequality.json"))).toMatchObject([{ location: { path: "a.yaml" } }]);
  });
});
