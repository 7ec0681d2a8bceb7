import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { root, temporaryFolder } from "../../support/cli.ts";

interface Action {
  readonly runs: { readonly steps: readonly { readonly id?: string; readonly run: string }[] };
}

const { runs } = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;
const script = runs.steps.find(({ id }) => id === "run")?.run ?? "";
const id = "a".repeat(64);

/** Runs the action's step with a script in place of orch-sync; `told` is sent to the shell as soon as that says `ready`. */
async function step(
  orchSync: string,
  env: Readonly<Record<string, string>>,
  told?: NodeJS.Signals,
): Promise<{ readonly code: number | null; readonly log: string; readonly outputs: string }> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".bin"));
  writeFileSync(join(folder, ".bin/orch-sync"), `#!/bin/bash\n${orchSync}\n`);
  chmodSync(join(folder, ".bin/orch-sync"), 0o755);
  writeFileSync(join(folder, "step.sh"), script);
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", join(folder, "step.sh")], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME_OF_PACKAGES: folder,
      RUNNER_TEMP: folder,
      GITHUB_OUTPUT: join(folder, "output"),
      TIMEOUT: "50m",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (log += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (told !== undefined && text.includes("ready")) child.kill(told);
    log += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, log, outputs: readFileSync(join(folder, "output"), "utf8") };
}

it.each(["SIGINT", "SIGTERM"] as const)("passes %s on, waits for the end, and reports that", async (signal) => {
  const slow =
    "trap 'echo draining; sleep 0.1; echo drained; exit 130' TERM; echo ready >&2; while :; do sleep 0.02; done";
  const { code, log, outputs } = await step(slow, { COMMAND: "apply", EXPECT: id }, signal);
  expect(log).toContain("draining\ndrained\n");
  expect([code, outputs]).toEqual([0, "plan-id=\nexit-code=130\nchanges=false\n"]);
});

it("tells of the plan's id, of a shard as well, and keeps the token to itself", async () => {
  const plan =
    'echo "<!-- orch-sync plan target=prod shard=2/4 id=$(printf "a%.0s" {1..64}) -->"; echo "$*"; echo "[$GITHUB_TOKEN]"; exit 2';
  const env = {
    COMMAND: "plan",
    TARGET: "prod",
    SHARD: "2/4",
    GITHUB_TOKEN: "t0ken",
    MORE: "--overlay\noverlays/prod",
    PATHS: "-x\n",
  };
  const { log, outputs } = await step(plan, env);
  expect(log).toContain("--target prod --shard 2/4 --overlay overlays/prod -- -x\n[]\n");
  expect(outputs).toBe(`plan-id=${id}\nexit-code=2\nchanges=true\n`);
});
