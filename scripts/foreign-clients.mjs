// `npm run test:foreign`: clients that others wrote, against the embedded Orchestrator. They are a package of their own,
// so that the project's `npm ci` stays small; what they install stays in its folder. Plain JavaScript and node:test:
// each client has a process of its own, with a guard that lets no call leave loopback.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../test/foreign-clients/", import.meta.url));
const tests = readdirSync(folder).filter((name) => name.endsWith(".client.mjs"));
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

run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], process.env);
run(process.execPath, ["--import", "./guard.mjs", "--test", ...tests], environment);
