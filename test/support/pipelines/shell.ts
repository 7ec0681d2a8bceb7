import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { compileCache, root, type CliResult } from "../cli.ts";

/** Where a recipe's shell runs: the folder of a checkout and what the machine of that system has. */
export interface Checkout {
  readonly folder: string;
  /** What the system sets for every step. */
  readonly env: Readonly<Record<string, string>>;
}

/** What `npm ci` leaves of orch-sync: the built command. Nothing is fetched. */
const npm = `#!/bin/sh
echo "npm $*" >>"$NPM_LOG"
while [ $# -gt 0 ]; do case $1 in --prefix) mkdir -p "$2" && cd "$2" ;; esac; shift; done
mkdir -p node_modules/.bin && ln -sfn "${root}" node_modules/orch-sync &&
  ln -sf "${join(root, "dist/bin.js")}" node_modules/.bin/orch-sync
`;

/** A checkout with the recipe's script and an `npm` that installs what was built here. */
export function checkout(folder: string, env: Readonly<Record<string, string>>): Checkout {
  const tools = join(folder, ".tools");
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, "npm"), npm);
  chmodSync(join(tools, "npm"), 0o755);
  mkdirSync(join(folder, "ci"), { recursive: true });
  copyFileSync(join(root, "examples/pipelines/comment.mjs"), join(folder, "ci/comment.mjs"));
  const path = [tools, dirname(process.execPath), process.env["PATH"]].join(delimiter);
  return { folder, env: { PATH: path, HOME: folder, NPM_LOG: join(tools, "npm.log"), ...compileCache, ...env } };
}

/** Runs a script as the system does: by bash, from a file, ended by the first command that fails. */
export async function bash(
  script: string,
  { folder, env }: Checkout,
  flags: readonly string[] = ["-e"],
): Promise<CliResult> {
  const file = join(folder, ".tools/step.sh");
  writeFileSync(file, script);
  const child = spawn("bash", ["--noprofile", "--norc", ...flags, file], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, stdout, stderr };
}
