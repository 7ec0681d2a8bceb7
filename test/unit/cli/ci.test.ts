import { describe, expect, it } from "vitest";
import { artifactText, ciOf } from "../../../src/cli/ci.ts";
import type { Io } from "../../../src/cli/io.ts";

/** A process of which only the environment matters. */
const processWith = (env: Readonly<Record<string, string>>): Io => ({ env, cwd: "/work" }) as unknown as Io;

const github = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "acme/rpa",
  GITHUB_RUN_ID: "7",
};
const azure = {
  TF_BUILD: "True",
  SYSTEM_COLLECTIONURI: "https://dev.azure.com/acme/",
  SYSTEM_TEAMPROJECT: "our rpa",
  BUILD_BUILDID: "7",
};

describe("where the whole of a cut text is", () => {
  it.each([
    [github, "`plan.html` of [this run](https://github.com/acme/rpa/actions/runs/7)"],
    [azure, "`plan.html` of [this run](https://dev.azure.com/acme/our%20rpa/_build/results?buildId=7)"],
    [
      { GITLAB_CI: "true", CI_JOB_URL: "https://gitlab.example/a/-/jobs/1" },
      "`plan.html` of [this run](https://gitlab.example/a/-/jobs/1)",
    ],
    [{ GITLAB_CI: "true" }, "`plan.html`"],
    [{ ...azure, SYSTEM_TEAMPROJECT: "a) [b](x" }, "`plan.html`"],
    [{}, "`plan.html`"],
  ])("with %j it is %j", (env, text) => {
    expect(artifactText("plan.html", ciOf(processWith(env), {}))).toBe(text);
  });

  it("is not said without a file", () => {
    expect(artifactText(undefined, ciOf(processWith(github), {}))).toBeUndefined();
  });
});

it("no CI system is found with --quiet, or where a variable has another value", () => {
  expect(ciOf(processWith(github), { quiet: true })).toBeUndefined();
  expect(ciOf(processWith({ GITHUB_ACTIONS: "false", TF_BUILD: "" }), {})).toBeUndefined();
});
