import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { root, temporaryFolder, type CliResult } from "../support/cli.ts";

const docs = readFileSync(join(root, "docs/emulator.md"), "utf8");

/** A block of code in a section of the page. */
function example(section: string, language: string): string {
  const [, text = ""] = docs.split(`\n## ${section}\n`);
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? "";
}

/** A project of a user, who has installed orch-sync and vitest. */
function project(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules/orch-sync"), "dir");
  symlinkSync(join(root, "node_modules/vitest"), join(folder, "node_modules/vitest"), "dir");
  symlinkSync(join(root, "dist/bin.js"), join(folder, "node_modules/.bin/orch-sync"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  return folder;
}

async function run(command: string, args: readonly string[], cwd: string): Promise<CliResult> {
  const path = [join(cwd, "node_modules/.bin"), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  const child = spawn(command, args, { cwd, env: { PATH: path }, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, stdout, stderr };
}

describe("docs/emulator.md, In your tests", () => {
  it("has a test for vitest that passes", async () => {
    const folder = project();
    writeFileSync(join(folder, "loader.test.ts"), example("In your tests", "ts"));
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const { code, stderr } = await run(
      process.execPath,
      [vitest, "run", "--reporter=json", "--outputFile=out.json"],
      folder,
    );
    expect([code, stderr]).toEqual([0, ""]);
    const { numPassedTests } = JSON.parse(readFileSync(join(folder, "out.json"), "utf8")) as { numPassedTests: number };
    expect(numPassedTests).toBe(1);
  });

  it("has a pipeline that works, with the page's fault file", async () => {
    const folder = project();
    // With unique references: in another queue the apply would look for copies when settle has passed, in four minutes.
    const tenant = readFileSync(join(root, "examples/quickstart/tenant.yaml"), "utf8");
    writeFileSync(join(folder, "tenant.yaml"), tenant.replace("{ name: ReportQueue,", "$& uniqueReferences: true,"));
    cpSync(join(root, "examples/quickstart/manifests/reports.yaml"), join(folder, "manifests/reports.yaml"));
    // Without the rule that hits by chance: the apply of an example should not need luck.
    writeFileSync(join(folder, "faults.yaml"), example("Faults", "yaml").replace("share: 0.05", "share: 0"));
    const script = `set -eu -o pipefail -m\n${example("In your tests", "sh")}`;
    const { code, stdout } = await run("bash", ["-c", script], folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Applied 2, already done 0, failed 0")]);
    const { value } = JSON.parse(readFileSync(join(folder, "requests.json"), "utf8")) as { value: unknown[] };
    expect(value[0]).toMatchObject({ status: 504, fault: { name: "gateway times out after the add", handled: [200] } });
  });
});
