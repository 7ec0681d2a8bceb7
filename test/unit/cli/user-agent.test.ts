import { expect, test } from "vitest";
import type { Io } from "../../../src/cli/io.ts";
import { userAgent } from "../../../src/cli/user-agent.ts";
import { version } from "../../../src/workflow/version.ts";

function agent(env: Readonly<Record<string, string>>): string {
  return userAgent({ env, cwd: "/" } as unknown as Io);
}

const own = `orch-sync/${version}`;
const jenkins = (url: string): string => agent({ BUILD_URL: url });

test("names the run of a pipeline", () => {
  expect(agent({})).toBe(own);
  const github = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "acme/rpa", GITHUB_RUN_ID: "42" };
  expect(agent({ GITHUB_ACTIONS: "true", ...github })).toBe(`${own} (+https://github.com/acme/rpa/actions/runs/42)`);
  expect(agent({ GITLAB_CI: "true", CI_JOB_URL: "https://gitlab.example/a/-/jobs/7" })).toBe(
    `${own} (+https://gitlab.example/a/-/jobs/7)`,
  );
  const azure = {
    SYSTEM_COLLECTIONURI: "https://dev.azure.com/acme/",
    SYSTEM_TEAMPROJECT: "R P A",
    BUILD_BUILDID: "9",
  };
  expect(agent({ TF_BUILD: "True", ...azure })).toBe(
    `${own} (+https://dev.azure.com/acme/R%20P%20A/_build/results?buildId=9)`,
  );
  expect(jenkins("https://ci.example/job/rpa/3/")).toBe(`${own} (+https://ci.example/job/rpa/3/)`);
});

test.each([
  ["no address", "nonsense"],
  ["another scheme", "javascript:alert(1)"],
  ["a file", "file:///etc/passwd"],
  ["one that nobody reads", `https://ci.example/${"x".repeat(400)}`],
  ["half of one, where a variable is missing", "/actions/runs/"],
])("leaves out %s", (_, url) => {
  expect(jenkins(url)).toBe(own);
});

test("leaves out what is secret in an address, and what would end the header or the comment", () => {
  expect(jenkins("https://ana:hunter2@ci.example/3/?token=hunter2&buildId=5#hunter2")).toBe(
    `${own} (+https://ci.example/3/?buildId=5)`,
  );
  expect(jenkins("https://ci.example/(a)\r\nX-Evil: 1/ä")).toBe(
    `${own} (+https://ci.example/%28a%29X-Evil:%201/%C3%A4)`,
  );
});
