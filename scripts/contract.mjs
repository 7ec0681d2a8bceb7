// `npm run test:contract -- [--spec FILE]`: runs the tests that talk to the emulator and judges what went over the
// wire, by the documents in CONTRACT_DIR or by the swagger of an Orchestrator of one's own.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { spec: { type: "string" } } });
const { CONTRACT_DIR } = process.env;
const documents = values.spec ?? CONTRACT_DIR;
if (documents === undefined || !existsSync(documents)) {
  process.stderr.write(
    "Give the OpenAPI document of your Orchestrator (https://…/swagger/v…/swagger.json): npm run test:contract -- --spec FILE\n" +
      "or set CONTRACT_DIR to a folder with orchestrator-openapi-15.0.json, -16.0.json and -20.0.json.\n",
  );
  process.exit(2);
}
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const tests = ["test/unit/emulator", "test/contract", "test/e2e", "test/judge"];
const env = values.spec === undefined ? process.env : { ...process.env, CONTRACT_SPEC: values.spec };
const { status } = spawnSync(process.execPath, [vitest, "run", ...tests], { stdio: "inherit", env });
process.exitCode = status ?? 1;
