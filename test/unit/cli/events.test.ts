import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exampleCopy, temporaryFolder } from "../../support/cli.ts";
import { expectInertHtml } from "../../support/markup.ts";
import { inProcess } from "../../support/in-process.ts";

const run = (cwd: string, ...args: string[]): ReturnType<typeof inProcess> => inProcess(args, { cwd, env: {} });
const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");

it("an apply's events end with its report, and show gives it as the apply did", async () => {
  const cwd = exampleCopy("quickstart");
  const reports = ["--report", "run.ndjson", "--report", "run.json", "--report", "run.md", "--report", "run.html"];
  const { code, output } = await run(
    cwd,
    "apply",
    "--auto-approve",
    "--quiet",
    "--select",
    "kind=QueueItems",
    "-o",
    "ndjson",
    ...reports,
  );
  expect(code).toBe(0);
  const file = readFileSync(join(cwd, "run.ndjson"), "utf8");
  expect(output).toBe(file);
  expect(statSync(join(cwd, "run.ndjson")).mode & 0o777).toBe(0o600);
  expect(lastLine(file)).toMatchObject({ type: "report", report: { counts: { failed: 0 } } });
  const saved = readFileSync(join(cwd, "run.json"), "utf8");
  for (const name of ["run.ndjson", "run.json"]) {
    const json = JSON.parse((await run(cwd, "show", name, "-o", "json")).output) as { outcomes: unknown[] };
    const expected = JSON.parse(saved) as { outcomes: unknown[] };
    // Side by side resources end in any order.
    const sorted = (some: unknown[]): string[] => some.map((each) => JSON.stringify(each)).toSorted();
    expect({ ...json, outcomes: sorted(json.outcomes) }).toEqual({ ...expected, outcomes: sorted(expected.outcomes) });
  }
  expect((await run(cwd, "show", "run.json", "-o", "markdown")).output).toBe(
    readFileSync(join(cwd, "run.md"), "utf8").replace(/see the full report[^\n]*/g, ""),
  );
  expect((await run(cwd, "show", "run.ndjson", "--verbose")).output).toMatch(/Applied \d+, already done 0, failed 0/);
  expect((await run(cwd, "show", "run.json", "-o", "yaml")).code).toBe(64);
  const page = await run(cwd, "show", "run.json", "-o", "html");
  expect([page.code, page.output]).toEqual([0, readFileSync(join(cwd, "run.html"), "utf8")]);
  expectInertHtml(page.output);
  expect(page.output).toContain('<section class="timeline">');
}, 20_000);

it("an apply that is refused tells every change as skipped", async () => {
  const cwd = exampleCopy("quickstart");
  const job = "apiVersion: orch-sync/v1\nkind: Job\nmetadata: { name: x }\nspec: { process: Nowhere }\n";
  writeFileSync(join(cwd, "manifests/nowhere.yaml"), job);
  const refused = await run(cwd, "apply", "--auto-approve", "--report", "run.ndjson");
  expect(refused.code).toBe(4);
  const text = readFileSync(join(cwd, "run.ndjson"), "utf8");
  expect(text).toContain('"status":"skipped"');
  expect(lastLine(text)).toMatchObject({ type: "report", report: { counts: { applied: 0 }, calls: 0 } });
}, 20_000);

const at = "2026-11-21T10:31:00Z";
const header = `{"at":"${at}","type":"header","format":"orch-sync/events/v1","toolVersion":"0.1.0"}\n`;

it.each([
  ["cut.ndjson", header, "holds no report: the apply was cut off"],
  [
    "torn.ndjson",
    `${header}{"at":"${at}","ty`,
    "torn.ndjson:2 is not as orch-sync writes it: no JSON, or a part of it",
  ],
  ["other.ndjson", `${header}{"at":"${at}","type":"report-line"}\n`, "other.ndjson:2 is not as orch-sync writes it"],
  ["key.ndjson", `${header}{"at":"${at}","type":"key"}\n`, "there is no such line"],
  ["poor.json", '{"format":"orch-sync/report/v1"}', "poor.json:1 is not as orch-sync writes it"],
])("show refuses %s with a reason", async (name, content, words) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, name), content);
  const { code, output } = await run(cwd, "show", name);
  expect([code, output]).toEqual([4, expect.stringContaining(words)]);
});
