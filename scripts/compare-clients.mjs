// `npm run compare:clients`, after `npm run build`: see test/foreign-clients/compare.mjs. Their package is installed if need be.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../test/foreign-clients/", import.meta.url));
const isProxy = (name) => /^(?:https?|all|no)_proxy$/i.test(name);
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isProxy(name))),
  SUPPRESS_NO_CONFIG_WARNING: "true",
};

function run(command, args, env) {
  const shell = process.platform === "win32" && command === "npm";
  const { status } = spawnSync(command, args, { cwd: folder, stdio: "inherit", env, shell });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(`${folder}node_modules`)) {
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], process.env);
}
run(process.execPath, ["--import", "./guard.mjs", "compare.mjs"], environment);
