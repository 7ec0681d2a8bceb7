import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { desk } from "../../support/desk.ts";
import { manifests, tenant } from "../../support/server.ts";

/** Two items, of which the server refuses one if told to. */
async function run(
  items: string,
  args: readonly string[],
  taken: string,
): Promise<{ code: number; stdout: string; output: string; report: string }> {
  const $schema = "http://json-schema.org/draft-03/schema#";
  const jsonSchema = { $schema, type: "object", required: ["Email"], properties: { Email: { type: "string" } } };
  const work = await desk({
    tenant: tenant({ queues: [{ name: "Q", folder: "Finance", uniqueReferences: true, jsonSchema }] }),
    place: "Finance",
    files: { "a.yaml": manifests.items(`{ queue: Q, items: [${items}] }`) },
  });
  const running = work.run(["apply", "a.yaml", "--auto-approve", "--report", "run.json", ...args]);
  const state = { ended: false };
  void running.finally(() => (state.ended = true));
  while (!state.ended && work.emulator.requests().length === 0) await turn();
  mkdirSync(join(work.folder, taken)); // by now the files are known to be writable
  return { ...(await running), report: readFileSync(join(work.folder, "run.json"), "utf8") };
}
const good = "{ reference: A, content: { Email: a } }";
const bad = "{ reference: B, content: { Mail: b } }";

it("failed rows that cannot be written keep no report back, and the run ends as it did", async () => {
  const args = ["--failed-rows", "rows.ndjson"];
  const { code, stdout, output, report } = await run(`${good}, ${bad}`, args, "rows.ndjson");
  expect(code).toBe(5);
  expect(output).toMatch(/the file of --failed-rows rows\.ndjson cannot be written: E\w+/);
  expect(stdout).toMatch(/Applied 1, already done 0, failed 1, skipped 0, unknown 0\. .*exit 5\n$/);
  expect(JSON.parse(report)).toMatchObject({ counts: { applied: 1, failed: 1 } });
});

it("outputs that cannot be written are said; a run that was well is then not done", async () => {
  const args = ["--outputs", "outputs.json"];
  const well = await run(good, args, "outputs.json");
  expect(well.output).toContain("cannot write --outputs outputs.json");
  expect(well.stdout).not.toContain("exit");
  expect(well.code).toBe(1);
  expect((await run(`${good}, ${bad}`, args, "outputs.json")).code).toBe(5);
});
