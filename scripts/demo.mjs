// `npm run demo`: the quickstart, from nothing to "nothing to do", as a new user would type it.
// Works on a copy in a temporary folder, so the example stays untouched and every run begins anew.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const bin = path("../dist/bin.js");
if (!existsSync(bin)) {
  process.stderr.write("The demo needs a build: npm run build\n");
  process.exit(1);
}

const work = mkdtempSync(join(tmpdir(), "orch-sync-demo-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
cpSync(path("../examples/quickstart"), work, { recursive: true, filter: (file) => !file.includes(".orch-sync") });

const steps = [
  { title: "Is it correct? Checked offline, nothing is called.", args: ["validate"], expected: 0 },
  { title: "What would change? Nothing is written.", args: ["plan", "--detailed-exitcode"], expected: 2 },
  { title: "Make it so.", args: ["apply", "--auto-approve"], expected: 0 },
  { title: "And again: what is done is not done twice.", args: ["plan", "--detailed-exitcode"], expected: 0 },
];

const bold = (text) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text);
process.stdout.write(`${bold("orch-sync demo")}  examples/quickstart on the embedded Orchestrator\n`);
for (const { title, args, expected } of steps) {
  process.stdout.write(`\n${bold(`# ${title}`)}\n${bold(`$ orch-sync ${args.join(" ")}`)}\n\n`);
  const { status } = spawnSync(process.execPath, [bin, ...args], { cwd: work, stdio: "inherit" });
  if (status === expected) continue;
  process.stderr.write(`\nThe demo failed: orch-sync ${args[0]} ended with ${status}, expected ${expected}.\n`);
  process.exit(1);
}
process.stdout.write(
  `\n${bold("That is all: five manifests, one plan, one apply, and nothing left to do.")}\n` +
    "Try it yourself: cd examples/quickstart && npx orch-sync plan\n",
);
