import { execFile } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { exampleCopy, orchSync, root, temporaryFolder } from "../support/cli.ts";

describe("the callback of the scripts", () => {
  it("offers names of the project's manifests", async () => {
    const { code, stdout, stderr } = await orchSync(["complete", "--", "plan", "--select", "name=in"], {
      cwd: exampleCopy("quickstart"),
    });
    expect([code, stdout, stderr]).toEqual([0, "name=invoices-march\n:4\n", ""]);
  });

  it("offers commands for an empty word, with what they do", async () => {
    const { stdout } = await orchSync(["complete", "--", ""]);
    expect(stdout).toMatch(/^plan\tCompare manifests/m);
  });

  it.each([[[]], [["--"]], [["--", "--", "--"]], [["--", "plan", "--config", "/nowhere/x.yaml", "--target", ""]]])(
    "never complains: %j",
    async (words) => {
      const { code, stdout, stderr } = await orchSync(["complete", ...words], { cwd: temporaryFolder() });
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/:\d+\n$/);
    },
  );
});

describe("completion", () => {
  it.each([
    ["bash", "complete -o default -F _orch_sync orch-sync"],
    ["zsh", "#compdef orch-sync"],
    ["fish", "complete -c orch-sync"],
    ["powershell", "Register-ArgumentCompleter"],
  ])("prints a script for %s that calls the callback", async (shell, text) => {
    const { code, stdout, stderr } = await orchSync(["completion", shell]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(text);
    expect(stdout).toMatch(/orch-sync complete '?--/);
  });

  it("knows no other shell", async () => {
    const { code, stderr } = await orchSync(["completion", "tcsh"]);
    expect([code, stderr]).toEqual([64, expect.stringContaining("bash, zsh, fish, powershell")]);
  });
});

/** What bash offers for a line with the cursor at its end: in the place of the last piece of its last word. */
async function inBash(line: string, cwd: string): Promise<string[]> {
  const bin = temporaryFolder();
  const command = join(bin, "orch-sync");
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${join(root, "dist/bin.js")}' "$@"\n`);
  chmodSync(command, 0o755);
  const script = `
    source <(orch-sync completion bash)
    compopt() { :; }
    COMP_LINE=$1 COMP_POINT=\${#1}
    _orch_sync
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { PATH: [bin, process.env["PATH"]].join(delimiter) };
  const { stdout, stderr } = await promisify(execFile)("bash", ["--norc", "-c", script, "bash", line], { cwd, env });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((text) => text !== "");
}

describe.skipIf(process.platform === "win32")("the script in bash, which needs nothing else", () => {
  it.each([
    ["a command", "orch-sync pl", ["plan"]],
    ["a flag", "orch-sync plan --tar", ["--target"]],
    ["a target", "orch-sync plan --target ", ["local"]],
    ["a value behind =, where bash begins a new piece", "orch-sync plan --output=j", ["json"]],
    ["a condition", "orch-sync plan --select kind=J", ["Job"]],
    ["the last of several conditions", "orch-sync plan --select kind=Job,name=smo", ["smoke-test"]],
    ["a condition behind =", "orch-sync plan --select=kind=St", ["StoppedJobs"]],
    ["a word in quotes", "orch-sync plan --select 'kind=J", ["Job"]],
    ["a field", "orch-sync explain Job.strategy.c", ["Job.strategy.count"]],
    ["behind another command and a path", "cd x && ./node_modules/.bin/orch-sync pl", ["plan"]],
    ["nothing", "orch-sync plan --timeout ", []],
  ])("completes %s", async (_what, line, offered) => {
    expect(await inBash(line, exampleCopy("quickstart"))).toEqual(offered);
  });

  it("runs nothing of what is typed, nor of what is offered", async () => {
    const cwd = exampleCopy("quickstart");
    writeFileSync(join(cwd, "manifests/bad.yaml"), 'metadata: { name: "$(touch offered)" }\n');
    expect(await inBash("orch-sync plan $(touch typed) `touch typed` --select name=", cwd)).not.toContain("offered");
    expect([existsSync(join(cwd, "typed")), existsSync(join(cwd, "offered"))]).toEqual([false, false]);
  });
});
