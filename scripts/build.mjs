// Builds dist/ with tsc. Plain JavaScript, because an older Node may be the one that runs `npm ci`.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const compiler = path("../node_modules/typescript/bin/tsc");

function stop(text, code) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

// `npm ci --omit=dev` runs `prepare` without the compiler: what was packed stays as it is.
if (!existsSync(compiler)) {
  stop(
    "build: TypeScript is not installed, dist/ is left as it is",
    process.env.npm_lifecycle_event === "prepare" ? 0 : 1,
  );
}
if (Number(process.versions.node.split(".")[0]) < 24) {
  stop(
    `To build orch-sync, install Node.js 24 or later: this is ${process.versions.node}, ` +
      `and tools/node brings none for ${process.platform}-${process.arch}.`,
    1,
  );
}
rmSync(path("../dist"), { recursive: true, force: true }); // tsc keeps the output of deleted sources
const run = spawnSync(process.execPath, [compiler, "-p", path("../tsconfig.build.json")], { stdio: "inherit" });
process.exitCode = run.status ?? 1;
if (process.exitCode === 0) chmodSync(path("../dist/bin.js"), 0o755); // npx links the bin once and never repairs its mode
