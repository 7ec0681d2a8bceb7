import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exampleCopy, temporaryFolder } from "../../support/cli.ts";
import { inProcess, type InProcessResult } from "../../support/in-process.ts";

const run = (cwd: string, args: readonly string[]): Promise<InProcessResult> => inProcess(args, { cwd, env: {} });

describe("a saved plan", () => {
  it(
    "is what -o ndjson prints, byte for byte, and show gives it in every format of plan",
    { timeout: 30_000 },
    async () => {
      const cwd = exampleCopy("quickstart");
      const file = join(cwd, "march.plan");
      const printed = await run(cwd, ["plan", "--out", "march.plan", "-o", "ndjson"]);
      expect(printed.output).toBe(readFileSync(file, "utf8"));
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const reports = ["p.json", "p.html"];
      const human = await run(cwd, ["plan", "--out", "march.plan", ...reports.flatMap((name) => ["--report", name])]);
      expect(human.output).toMatch(/\nPlan [0-9a-f]{12}…  saved to march\.plan\n$/);
      const shown = await run(cwd, ["show", "march.plan"]);
      expect(`${human.output.split("\n").slice(0, -2).join("\n")}\n`).toBe(shown.output);
      for (const [format, report] of [
        ["json", "p.json"],
        ["html", "p.html"],
        ["ndjson", "march.plan"],
      ] as const) {
        const { code, output } = await run(cwd, ["show", "march.plan", "-o", format]);
        expect([format, code, output === readFileSync(join(cwd, report), "utf8")]).toEqual([format, 0, true]);
      }
    },
  );

  it("is written for a plan that is refused, too; a path that cannot be written is known before anything is read", async () => {
    const cwd = exampleCopy("quickstart");
    writeFileSync(
      join(cwd, "manifests/nowhere.yaml"),
      "apiVersion: orch-sync/v1\nkind: Job\nmetadata: { name: x }\nspec: { process: Nowhere }\n",
    );
    expect((await run(cwd, ["plan", "--out", "p.plan"])).code).toBe(4);
    expect((await run(cwd, ["show", "p.plan"])).output).toContain("nothing can be applied");
    mkdirSync(join(cwd, "taken"));
    const { code, output } = await run(cwd, ["plan", "--out", "taken"]);
    expect([code, output]).toEqual([1, expect.stringContaining("the plan file taken cannot be written: EISDIR")]);
    expect((await run(cwd, ["plan", "--out", "p.json", "--report", "p.json"])).code).toBe(64);
  });

  it.each([
    ["nothing.plan", undefined, 1, "nothing.plan cannot be read: ENOENT"],
    ["empty.plan", "", 4, "empty.plan is no file that show knows"],
    ["other.plan", '{"type":"header","format":"orch-sync/plan/v2"}\n', 4, "a plan of the format orch-sync/plan/v2"],
    ["document.json", '{\n  "format": "orch-sync/plan/v1"\n}\n', 4, "document.json is no saved plan"],
    ["binary.plan", "\u0000\u0001".repeat(9000), 4, "is no file that show knows"],
    ["__proto__.plan", '{"format":"orch-sync/constructor/v1"}', 4, "is no file that show knows"],
  ])("%s is refused with a reason", async (name, content, expected, words) => {
    const cwd = temporaryFolder();
    if (content !== undefined) writeFileSync(join(cwd, name), content);
    const { code, output } = await run(cwd, ["show", name]);
    expect([code, output]).toEqual([expected, expect.stringContaining(words)]);
  });
});
