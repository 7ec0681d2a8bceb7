import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { apply, applySaved, plan, PlanRefusedError, savePlan } from "../../../src/index.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { emulatorFor, manifestsOf, targetOf } from "../../support/contract.ts";
import { manifests, tenant } from "../../support/server.ts";

it("saves a plan and carries it out later: once, with secrets of then, or not at all", async () => {
  const emulator = await emulatorFor(tenant({ queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }] }));
  const target = targetOf(emulator);
  const spec =
    "{ queue: Q, items: [{ reference: A, content: { n: 1, Key: '${secret:S:-first}' } }, { reference: B }] }";
  const made = await plan({ manifests: await manifestsOf(manifests.items(spec)), target });
  const path = join(temporaryFolder(), "p.plan");
  savePlan(made, path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const env = { S: "second" };

  const bytes = readFileSync(path);
  writeFileSync(path, bytes.toString().replace('"n":1', '"n":2'));
  await expect(applySaved(path, { target, env })).rejects.toThrow("it was changed after it was saved");
  writeFileSync(path, bytes);
  await expect(applySaved(path, { target, env, guards: { maxCreates: 1 } })).rejects.toBeInstanceOf(PlanRefusedError);
  emulator.clock.advance(3_600_000);
  await expect(applySaved(path, { target, env, maxAge: 1_800_000 })).rejects.toBeInstanceOf(PlanRefusedError);

  const other = "{ queue: Q, items: [{ reference: B, content: { n: 9 } }] }";
  const theirs = await plan({ manifests: await manifestsOf(manifests.items(other)), target });
  expect((await apply(theirs, { target })).counts.applied).toBe(1);
  const first = await applySaved(path, { target, env });
  expect([first.planId, first.counts]).toMatchObject([made.id, { applied: 1, "already-done": 1 }]);
  expect((await applySaved(path, { target, env })).counts).toMatchObject({ applied: 0, "already-done": 2 });
  const added = emulator.requests().filter(({ path: called }) => called.endsWith("AddQueueItem"));
  expect(added.map(({ body }) => JSON.parse(body ?? "") as object)).toMatchObject([
    { itemData: { Reference: "B" } },
    { itemData: { Reference: "A", SpecificContent: { n: 1, Key: "second" } } },
  ]);
});

it("refuses a saved plan that is no longer possible as reviewed, and one with blocked lines", async () => {
  const emulator = await emulatorFor(tenant({ queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }] }));
  const target = targetOf(emulator);
  const save = async (queue: string, n: number): Promise<string> => {
    const text = manifests.items(`{ queue: ${queue}, items: [{ reference: A, content: { n: ${n} } }] }`);
    const path = join(temporaryFolder(), "p.plan");
    savePlan(await plan({ manifests: await manifestsOf(text), target }), path);
    return path;
  };
  const one = await save("Q", 1);
  expect((await applySaved(await save("Q", 2), { target })).counts.applied).toBe(1);
  await expect(applySaved(one, { target })).rejects.toThrow("#A: planned to create, now to update");
  await expect(applySaved(await save("Nowhere", 1), { target })).rejects.toBeInstanceOf(PlanRefusedError);
  expect(emulator.requests().filter(({ method, path }) => method !== "GET" && path.includes("/odata/"))).toHaveLength(
    1,
  );
});
