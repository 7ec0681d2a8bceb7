// Runs something in the package of foreign clients: test/foreign-clients, which is no part of the project's `npm ci`.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const folder = fileURLToPath(new URL("../test/foreign-clients/", import.meta.url));
// A proxy of the machine would take calls to loopback elsewhere; the last is of a library that one client uses.
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

/** Installs the clients as their lock file says. */
export function install() {
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], process.env);
}

/** Runs Node there, with a guard that lets no call leave loopback. */
export function guarded(...args) {
  run(process.execPath, ["--import", "./guard.mjs", ...args], environment);
}
