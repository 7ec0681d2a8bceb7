import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exampleCopy, root } from "../../support/cli.ts";
import { inProcess } from "../../support/in-process.ts";

const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => existsSync(join(root, "examples", name, "orch-sync.yaml"))); // pipelines/ is no project

test("there are examples", () => {
  expect(examples).toEqual(expect.arrayContaining(["quickstart", "smoke-test"]));
});

test.each(examples)("%s validates, and plans something that can be applied", { timeout: 30_000 }, async (name) => {
  const place = { cwd: exampleCopy(name), env: {} };
  expect(await inProcess(["validate"], place)).toMatchObject({ code: 0 });
  expect(await inProcess(["plan", "--detailed-exitcode"], place)).toMatchObject({ code: 2 });
});

test("the smoke test is in line when it is done", { timeout: 30_000 }, async () => {
  const place = { cwd: exampleCopy("smoke-test"), env: {} };
  const apply = ["apply", "--auto-approve", "--outputs", "outputs.json"];
  expect(await inProcess(apply, place)).toMatchObject({ code: 0 });
  expect(await inProcess(["plan", "--detailed-exitcode"], place)).toMatchObject({ code: 0 });
});
