import { spawnSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";

import { join } from "node:path";
import { CronJob } from "kubernetes-models/batch/v1/CronJob";
import { Job } from "kubernetes-models/batch/v1/Job";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root, temporaryFolder } from "../../support/cli.ts";
import { valuesOf } from "../../support/pipelines/scripts.ts";
import { githubProblems } from "../../support/pipelines/github-parser.ts";

const read = (file: string): string => readFileSync(join(root, file), "utf8");
const files = (pattern: string): readonly string[] =>
  globSync(`examples/pipelines/${pattern}`, { cwd: root }).toSorted();
const pinned = /@[0-9a-f]{40}$/;

/** The scripts and actions that a document names, wherever they stand. */
function keysOf(value: unknown): { readonly runs: readonly string[]; readonly uses: readonly string[] } {
  const named = (key: string): string[] => valuesOf(value, key).filter((each) => typeof each === "string");
  return { runs: named("run"), uses: named("uses") };
}

describe("GitHub", () => {
  it.each([...files("github*/*.yml"), "action.yml"])("takes %s, by its own parser", async (file) => {
    expect(await githubProblems(read(file))).toEqual([]);
    expect(await githubProblems(read(file).replace("steps:", "step:"))).not.toEqual([]);
  });

  it("action.yml installs the version that this is", () => {
    const { inputs } = parse(read("action.yml")) as {
      readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    };
    const { version } = JSON.parse(read("package.json")) as { readonly version: string };
    expect(inputs["version"]?.default).toBe(version);
  });

  it.each([...files("github*/*.yml"), "action.yml"])("%s puts nothing into a script, and pins what it uses", (file) => {
    const { runs, uses } = keysOf(parse(read(file)));
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.filter((script) => script.includes("${{"))).toEqual([]);
    expect(uses.filter((name) => !pinned.test(name))).toEqual([]);
  });
});

describe("GitLab", () => {
  /** Which jobs a pipeline has, by the schema that gitlab-ci-local brings and its reading of `rules`. */
  function listed(
    text: string,
    variables: Readonly<Record<string, string>>,
  ): { readonly code: number | null; readonly jobs: readonly string[]; readonly said: string } {
    const folder = temporaryFolder();
    const git = (...args: readonly string[]): unknown =>
      spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], { cwd: folder });
    git("init", "--quiet", "--initial-branch=main");
    git("commit", "--quiet", "--allow-empty", "--message=first");
    git("remote", "add", "origin", "https://gitlab.example/acme/automation.git");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    writeFileSync(join(folder, ".gitlab-ci.yml"), text);
    const given = Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]);
    const script = join(root, "node_modules/gitlab-ci-local/dist/index.js");
    const options = ["--list-json", "--no-evaluate-rule-changes", "--home", folder, ...given];
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], {
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: folder },
      encoding: "utf8",
    });
    const jobs =
      status === 0
        ? (JSON.parse(/^\[.*/ms.exec(stdout)?.[0] ?? "") as { readonly name: string; readonly when: string }[])
        : [];
    return {
      code: status,
      jobs: jobs.filter(({ when }) => when !== "never").map(({ name }) => name),
      said: stdout + stderr,
    };
  }
  const recipe = "examples/pipelines/gitlab/gitlab-ci.yml";

  it("takes the recipe by its schema, and its rules choose the jobs of each pipeline", () => {
    const project = { CI_PROJECT_ID: "42", CI_DEFAULT_BRANCH: "main" };
    const request = { ...project, CI_PIPELINE_SOURCE: "merge_request_event", CI_COMMIT_BRANCH: "" };
    const main = { ...project, CI_COMMIT_BRANCH: "main" };
    const jobs = (variables: Readonly<Record<string, string>>): readonly string[] => {
      const { code, jobs: found, said } = listed(read(recipe), variables);
      expect(code === 0 || said).toBe(true);
      return found;
    };
    expect(jobs({ ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "42" })).toEqual(["validate", "plan"]);
    expect(jobs({ ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99" }), "a fork").toEqual(["validate"]);
    expect(jobs({ ...main, CI_PIPELINE_SOURCE: "push" })).toEqual(["apply"]);
    expect(jobs({ ...main, CI_PIPELINE_SOURCE: "schedule" })).toEqual(["drift"]);
    expect(jobs({ ...main, CI_PIPELINE_SOURCE: "web", PLAN_ID: "a" })).toEqual(["apply"]);
    expect(listed(read(recipe).replace("resource_group:", "resource-group:"), main).code).not.toBe(0);
  });
});

describe("Kubernetes", () => {
  const kinds = { CronJob, Job };
  const problem = (text: string): string => {
    const document = parse(text) as { readonly kind: keyof typeof kinds };
    try {
      new kinds[document.kind](document as never).validate();
      return "";
    } catch (error) {
      return String(error);
    }
  };

  it.each(files("kubernetes/*job.yaml"))("%s is valid by the API's schema, and confined", (file) => {
    expect(problem(read(file))).toBe("");
    expect(problem(read(file).replace("restartPolicy: Never", "restartPolicy: 1"))).not.toBe("");
    const document: unknown = parse(read(file));
    expect(valuesOf(document, "readOnlyRootFilesystem")).toEqual([true]);
    expect(valuesOf(document, "image")).toEqual([expect.stringMatching(/@sha256:[0-9a-f]{64}$/)]);
  });
});

describe("Azure Pipelines", () => {
  // No package of the registry ships the schema, so the shape is checked by what the recipes use of it.
  const known = {
    root: "trigger pr schedules parameters pool variables lockBehavior stages jobs",
    job: "job deployment displayName environment timeoutInMinutes strategy steps",
    step: "checkout task bash publish artifact displayName env inputs condition persistCredentials",
  };
  const unknown = (value: object, names: string): string[] =>
    Object.keys(value).filter((key) => !names.split(" ").includes(key));

  it.each(files("azure-devops/*.yml"))(
    "%s has no key that Azure does not know, and puts nothing into a script",
    (file) => {
      const document = parse(read(file)) as object;
      const jobs = valuesOf(document, "jobs").flat() as object[];
      const steps = valuesOf(document, "steps").flat() as object[];
      expect([jobs.length, steps.length]).toEqual([1, expect.any(Number)]);
      expect(unknown(document, known.root)).toEqual([]);
      expect(jobs.flatMap((job) => unknown(job, known.job))).toEqual([]);
      expect(steps.flatMap((step) => unknown(step, known.step))).toEqual([]);
      expect(valuesOf(document, "bash").filter((script) => /\$\{\{|\$\(\w+\.?\w*\)/.test(String(script)))).toEqual([]);
    },
  );
});
