import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/cli.ts";
import { sentEffects } from "../checker/writes.ts";
import { self, startForge, type Forge } from "../support/pipelines/forge.ts";
import { runWorkflow } from "../support/pipelines/actions.ts";
import { runAzure, runGitlab, runJenkins, type Run } from "../support/pipelines/scripts.ts";
import { bash, checkout, type Checkout } from "../support/pipelines/shell.ts";
import { manifests, tenant, workplace, writeFiles, type Workplace } from "../support/server.ts";

const commit = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
const items = (...references: readonly string[]): string =>
  manifests.items(`{ queue: DocQueue, items: [${references.map((each) => `{ reference: ${each} }`).join(", ")}] }`);

/** How a system runs its recipe. */
interface Pipeline {
  readonly pullRequest: () => Promise<Run>;
  readonly merge: (planId?: string) => Promise<Run>;
  readonly schedule: () => Promise<Run>;
}

interface Place {
  readonly here: Workplace;
  readonly forge: Forge;
  /** A checkout of the repository on a machine of the system, with what the system sets. */
  readonly on: (env: Readonly<Record<string, string>>) => Checkout;
}

async function place(): Promise<Place> {
  const here = await workplace({
    tenant: tenant({ queues: [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }] }),
    files: { "manifests/items.yaml": items("INV-1") },
  });
  writeFiles(here.folder, {
    "orch-sync.yaml": readFileSync(join(here.folder, "orch-sync.yaml"), "utf8")
      .replaceAll("test", "prod")
      .replace(/auth: \{.*?\}"? \}/, 'auth: { type: token, token: "${secret:ORCH_CLIENT_SECRET}" }'),
  });
  return { here, forge: await startForge(), on: (env) => checkout(here.folder, env) };
}

const settings = { ORCH_SYNC_ALLOWED_HOSTS: "127.0.0.1" };

function onGithub({ here, forge, on }: Place): {
  readonly workflow: (name: string, github: object, inputs?: Record<string, string>) => Promise<Run>;
  readonly pull: object;
} {
  const at = on({
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: forge.url,
    GITHUB_REPOSITORY: "acme/automation",
    GITHUB_SHA: commit,
    GITHUB_REF_NAME: "main",
    RUNNER_TEMP: join(here.folder, ".tools"),
  });
  const known = {
    secrets: { ORCH_CLIENT_SECRET: here.emulator.token },
    vars: { ORCH_CLIENT_ID: "orch-sync" },
    settings,
  };
  const repository = { repository: "acme/automation", token: forge.token };
  const pull = {
    event_name: "pull_request",
    event: { pull_request: { number: 7, head: { repo: { full_name: "acme/automation" } } } },
  };
  const workflow = async (name: string, context: object, inputs: Record<string, string> = {}): Promise<Run> => {
    const file = `examples/pipelines/github/${name}.yml`;
    const jobs = Object.values(
      await runWorkflow(file, { ...known, github: { ...repository, ...context }, inputs }, at),
    );
    return { ok: jobs.every(({ result }) => result !== "failure"), said: jobs.map(({ log }) => log).join("") };
  };
  return { workflow, pull };
}

function github(at: Place): Pipeline {
  const { workflow, pull } = onGithub(at);
  const main = { ref: "refs/heads/main" };
  return {
    pullRequest: () => workflow("pull-request", pull),
    merge: (planId) => workflow("merge", main, planId === undefined ? {} : { "plan-id": planId }),
    schedule: () => workflow("schedule", { event_name: "schedule" }),
  };
}

function azure({ here, forge, on }: Place): Pipeline {
  const at = on({
    TF_BUILD: "True",
    SYSTEM_COLLECTIONURI: `${forge.url}/acme/`,
    SYSTEM_TEAMPROJECT: "Finance Team",
    BUILD_REPOSITORY_ID: "5feb",
    SYSTEM_PULLREQUEST_PULLREQUESTID: "7",
    BUILD_SOURCEVERSION: commit,
    BUILD_SOURCEBRANCH: "refs/heads/main",
    BUILD_ARTIFACTSTAGINGDIRECTORY: here.folder,
    ORCH_CLIENT_ID: "orch-sync",
  });
  const secrets = { ORCH_CLIENT_SECRET: here.emulator.token, "System.AccessToken": forge.token };
  const run = (file: string, planId = "-"): Promise<Run> =>
    runAzure(`${file}.yml`, { ...secrets, "parameters.planId": planId }, settings, at);
  return {
    pullRequest: () => run("pull-request"),
    merge: (planId) => run("merge", planId),
    schedule: () => run("schedule"),
  };
}

function gitlab({ here, forge, on }: Place): Pipeline {
  const at = on({
    GITLAB_CI: "true",
    CI_API_V4_URL: `${forge.url}/api/v4`,
    CI_PROJECT_ID: "42",
    CI_MERGE_REQUEST_IID: "7",
    CI_COMMIT_SHA: commit,
    CI_COMMIT_BRANCH: "main",
    CI_PROJECT_DIR: here.folder,
    GITLAB_TOKEN: forge.token,
    ORCH_CLIENT_ID: "orch-sync",
    ORCH_CLIENT_SECRET: here.emulator.token,
  });
  return {
    pullRequest: () => runGitlab(["validate", "plan"], settings, at),
    merge: (planId) => runGitlab(["apply"], { ...settings, ...(planId === undefined ? {} : { PLAN_ID: planId }) }, at),
    schedule: () => runGitlab(["drift"], settings, at),
  };
}

function jenkins({ here, forge, on }: Place): Pipeline {
  const at = on({
    GITHUB_API_URL: forge.url,
    GITHUB_TOKEN: forge.token,
    CHANGE_ID: "7",
    BRANCH_NAME: "main",
    GIT_COMMIT: commit,
    PLAN_ID: "",
    ORCH_CLIENT_ID: "orch-sync",
    ORCH_CLIENT_SECRET: here.emulator.token,
  });
  const own = { ...settings, COMMENT_AUTHOR: "github-actions[bot]" };
  return {
    pullRequest: () => runJenkins(["Install", "Plan"], own, at),
    merge: (planId = "") => runJenkins(["Install", "Apply"], { ...own, PLAN_ID: planId }, at),
    schedule: () => runJenkins(["Install", "Drift"], own, at),
  };
}

/** Scripts of the recipe in a pipeline of GitLab, which keeps the comment. */
function kubernetes({ here, forge, on }: Place): Pipeline {
  const at = on({
    CI_API_V4_URL: `${forge.url}/api/v4`,
    CI_PROJECT_ID: "42",
    CI_MERGE_REQUEST_IID: "7",
    CI_COMMIT_SHA: commit,
    CI_COMMIT_BRANCH: "main",
    GITLAB_TOKEN: forge.token,
    KUBECTL_BIN: join(root, "dist/bin.js"),
    KUBECTL_FOLDER: join(here.folder, ".tools/jobs"),
    KUBECTL_PROJECT: here.folder,
    POLL: "0",
    KUBECTL_SECRETS: JSON.stringify({ ORCH_CLIENT_SECRET: here.emulator.token }),
  });
  symlinkSync(join(root, "test/support/pipelines/kubectl.mjs"), join(here.folder, ".tools/kubectl"));
  symlinkSync(join(root, "examples/pipelines/kubernetes"), join(here.folder, "kubernetes"));
  const run = async (script: string): Promise<Run> => {
    const { code, stdout, stderr } = await bash(script, at);
    return { ok: code === 0, said: stdout + stderr };
  };
  return {
    pullRequest: () =>
      run("code=0; sh kubernetes/plan.sh > plan.md || code=$?; node ci/comment.mjs put prod plan.md; exit $code"),
    merge: (planId) => run(`id=${planId ?? "$(node ci/comment.mjs id prod)"}; sh kubernetes/apply.sh "$id"`),
    schedule: () =>
      run("job=$(kubectl create -f kubernetes/drift-cronjob.yaml -o name); kubectl wait --for=condition=Complete $job"),
  };
}

const idIn = (body: string | undefined): string | undefined =>
  /^<!-- orch-sync plan target=prod id=(\w{64}) -->/.exec(body ?? "")?.[1];

const sticky = ({ comments }: Forge): readonly (string | undefined)[] =>
  comments.filter(({ author }) => author === self).map(({ body }) => idIn(body));

/** What every recipe promises: one comment, the plan that was reviewed or nothing, and drift that nobody overlooks. */
async function story(at: Place, pipeline: Pipeline, drift: "an issue" | "a failure"): Promise<void> {
  const { here, forge } = at;
  const forged = `<!-- orch-sync plan target=prod id=${"0".repeat(64)} -->`;
  for (let id = 1; id <= 120; id++) forge.comments.push({ id, author: "somebody", body: forged, open: true });
  await succeeds(pipeline.pullRequest());
  writeFiles(here.folder, { "manifests/items.yaml": items("INV-1", "INV-2") });
  const [before] = sticky(forge);
  await succeeds(pipeline.pullRequest());
  const [reviewed, ...more] = sticky(forge);
  expect([before, reviewed, more]).toEqual([expect.any(String), expect.not.stringMatching(String(before)), []]);

  // Nobody has merged it; then the tenant is not what it was when the plan was made; then it is again.
  expect(await pipeline.merge(), "not merged").toMatchObject({ ok: false });
  forge.merged.add(commit);
  writeFiles(here.folder, { "manifests/items.yaml": items("INV-1", "INV-2", "INV-3") });
  const refused = await pipeline.merge();
  expect(refused.ok && refused.said).toBe(false);
  expect(refused.said).toContain(`--expect says ${reviewed}: it is not the one reviewed`);
  expect(sentEffects(here.emulator.requests())).toEqual([]);
  const read = /the plan has the id (\w{64})/.exec(refused.said)?.[1];
  await succeeds(pipeline.merge(read));
  expect(sentEffects(here.emulator.requests())).toEqual(["create INV-1", "create INV-2", "create INV-3"]);

  writeFiles(here.folder, { "manifests/items.yaml": items("INV-1", "INV-2", "INV-3", "INV-4") });
  expect((await pipeline.schedule()).ok).toBe(drift === "an issue");
  const opened = { open: true, body: expect.stringContaining("INV-4") as unknown };
  expect(forge.issues).toMatchObject(drift === "an issue" ? [opened] : []);
  writeFiles(here.folder, { "manifests/items.yaml": items("INV-1", "INV-2", "INV-3") });
  await succeeds(pipeline.schedule());
  expect(forge.issues.filter(({ open }) => open)).toEqual([]);
}

async function succeeds(run: Promise<Run>): Promise<void> {
  const { ok, said } = await run;
  expect(ok || said).toBe(true);
}

const systems = [
  { name: "GitHub Actions", pipeline: github, drift: "an issue" },
  { name: "Azure Pipelines", pipeline: azure, drift: "a failure" },
  { name: "GitLab", pipeline: gitlab, drift: "an issue" },
  { name: "Jenkins", pipeline: jenkins, drift: "a failure" },
  { name: "Kubernetes", pipeline: kubernetes, drift: "a failure" },
] as const;

it.each(systems)(
  "$name plans in one comment, applies what was reviewed, tells of drift",
  async ({ pipeline, drift }) => {
    const at = await place();
    await story(at, pipeline(at), drift);
    expect(at.forge.writes.length, "no comment but one").toBeGreaterThan(1);
  },
);

it("takes the plan of an earlier commit out of the comment when there is none any more", async () => {
  const at = await place();
  const pipeline = github(at);
  await succeeds(pipeline.pullRequest());
  writeFiles(at.here.folder, { "manifests/items.yaml": items("INV-1", "INV-1") });
  expect(await pipeline.pullRequest()).toMatchObject({ ok: false, said: expect.stringContaining("QI007") as unknown });
  expect(sticky(at.forge)).toEqual([undefined]);
  expect(at.forge.comments[0]?.body).toContain("### No plan for `prod`");
  at.forge.merged.add(commit);
  const merged = await pipeline.merge();
  expect([merged.ok, merged.said]).toEqual([false, "comment: the pull request 7 has no plan for prod\n"]);
});

it("the action does the same for GitHub", async () => {
  const at = await place();
  const { workflow, pull } = onGithub(at);
  await succeeds(workflow("with-action", pull));
  const [reviewed] = sticky(at.forge);
  const push = { event_name: "push" };
  expect(await workflow("with-action", push), "not merged").toMatchObject({ ok: false });
  at.forge.merged.add(commit);
  await succeeds(workflow("with-action", push));
  expect(sentEffects(at.here.emulator.requests())).toEqual(["create INV-1"]);
  const byHand = await workflow(
    "with-action",
    { event_name: "workflow_dispatch", ref: "refs/heads/main" },
    { "plan-id": "f".repeat(64) },
  );
  expect([byHand.ok, byHand.said]).toEqual([false, expect.stringContaining(`--expect says ${"f".repeat(64)}`)]);
  await succeeds(workflow("with-action", { event_name: "schedule" }));
  writeFiles(at.here.folder, { "manifests/items.yaml": items("INV-1", "INV-2") });
  const drift = await workflow("with-action", { event_name: "schedule" });
  expect([drift.ok, drift.said]).toEqual([false, expect.stringContaining("::error::the tenant differs")]);
  expect(drift.said).not.toContain(reviewed);
});
