import { globSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root, temporaryFolder, type CliResult } from "../../support/cli.ts";
import { bash, checkout } from "../../support/pipelines/shell.ts";
import { writeFiles } from "../../support/server.ts";

/** What a script of the recipe does in a checkout whose pods run this in place of orch-sync. */
async function run(
  script: string,
  orchSync: string,
  pod: Readonly<Record<string, string>> = {},
): Promise<CliResult & { readonly left: readonly string[] }> {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "orch-sync.yaml": "config",
    "manifests/items.yaml": "of the pull request",
    "pod.mjs": orchSync,
  });
  const at = checkout(folder, {
    KUBECTL_BIN: join(folder, "pod.mjs"),
    KUBECTL_FOLDER: join(folder, ".tools/jobs"),
    KUBECTL_PROJECT: "/nowhere",
    KUBECTL_SECRETS: JSON.stringify(pod),
    POLL: "0",
  });
  symlinkSync(join(root, "test/support/pipelines/kubectl.mjs"), join(folder, ".tools/kubectl"));
  symlinkSync(join(root, "examples/pipelines/kubernetes"), join(folder, "kubernetes"));
  const result = await bash(script, at);
  return { ...result, left: globSync(".tools/configmap-*", { cwd: folder }) };
}

const marker = "<!-- orch-sync plan target=prod id=… -->";
const plans = `import { readFileSync } from "node:fs";
const config = process.argv[process.argv.indexOf("--config") + 1];
console.error("a warning");
console.log("${marker}\\n" + readFileSync(config.replace("orch-sync.yaml", "manifests/items.yaml"), "utf8"));
process.exitCode = Number(process.env.ENDS);`;

it("plans the files of the checkout, and leaves nothing of them behind", async () => {
  const { code, stdout, left } = await run("sh kubernetes/plan.sh", plans, { ENDS: "0" });
  expect([code, left]).toEqual([0, []]);
  expect(stdout.startsWith(`${marker}\nof the pull request\n`)).toBe(true);
  expect(await run("sh kubernetes/plan.sh", plans, { ENDS: "4" })).toMatchObject({ code: 1, stdout, left: [] });
});

it("has no plan where there is none: the log of a mistake is no comment", async () => {
  const broken = 'console.error("manifests/items.yaml:1:1 error"); process.exitCode = 3;';
  const { code, stdout, stderr, left } = await run("sh kubernetes/plan.sh", broken);
  expect([code, stdout, left]).toEqual([1, "", []]);
  expect(stderr).toContain("items.yaml:1:1 error");
});

it("applies the id that it was given, and ends as that does", async () => {
  const applies = 'console.log(process.argv.slice(2, 6).join(" ")); process.exitCode = Number(process.env.ENDS);';
  const applied = await run('sh kubernetes/apply.sh "abc"', applies, { ENDS: "0" });
  expect(applied).toMatchObject({ code: 0, stdout: "apply --auto-approve --expect abc\n", left: [] });
  expect(await run('sh kubernetes/apply.sh "abc"', applies, { ENDS: "5" })).toMatchObject({ code: 1, left: [] });
});

it.each(["create configmap", "create --namespace", "get"])("ends when %s goes wrong", async (what) => {
  // A function goes before the command of the PATH.
  const refused = `kubectl() { case "$*" in "${what}"*) return 1 ;; *) command kubectl "$@" ;; esac; }`;
  const { code, stdout } = await run(
    `set -- ; here=kubernetes; ${refused}; set -eu; . kubernetes/run.sh; job kubernetes/plan-job.yaml`,
    plans,
    { ENDS: "0" },
  );
  expect([code, stdout]).toEqual([1, ""]);
});
