import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startEmulator, type FaultRule } from "../../../src/emulator/index.ts";
import { apply, loadManifests, plan, type Plan } from "../../../src/index.ts";
import { newJournal } from "../../../src/workflow/apply/new-journal.ts";
import { durableFolder } from "../../../src/workflow/files/durable-folder.ts";
import { systemClock } from "../../../src/workflow/system-clock.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { manifests, tenant, writeFiles } from "../../support/server.ts";

const settle = 200;
const lost: FaultRule = { match: { path: "*AddQueueItem" }, handle: "no", answer: "close" };

async function place(faults: readonly FaultRule[] = []) {
  const emulator = await startEmulator({ tenant: tenant({ queues: [{ name: "Plain", folder: "Finance" }] }), faults });
  onTestFinished(() => emulator.close());
  const cwd = temporaryFolder();
  writeFiles(cwd, { "a.yaml": manifests.items("{ queue: Plain, seedUntil: never, items: [{ reference: A }] }") });
  const loaded = await loadManifests({ paths: ["a.yaml"], cwd, folder: "Finance" });
  const { url, token } = emulator;
  const target = { url, auth: { type: "token", token }, timing: { settle } } as const;
  const journal = join(cwd, "journal");
  const posts = (): number => emulator.requests().filter(({ method }) => method === "POST").length;
  const planned = async (): Promise<Plan> => plan({ manifests: loaded, target, journal });
  return { journal, target, posts, planned };
}

it("a library that gives a folder has its writes written down, and its plan kept until it has ended", async () => {
  const { journal, target, planned } = await place();
  const made = await planned();
  expect((await apply(made, { target, journal })).counts).toMatchObject({ applied: 1 });
  const [file = "", ...others] = readdirSync(journal);
  expect(others).toEqual([]);
  const lines = readFileSync(join(journal, file), "utf8").trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
    "journal",
    "intent",
    "result",
    "end",
  ]);
  await apply(await planned(), { target, journal });
  expect(readdirSync(journal)).toEqual([file]);
});

it("what stayed unknown keeps its plan, until a later apply has taken its place", async () => {
  const { journal, target, planned } = await place([{ ...lost, times: 2 }]);
  expect((await apply(await planned(), { target, journal })).counts).toMatchObject({ unknown: 1 });
  expect(readdirSync(journal).filter((name) => name.endsWith(".plan"))).toHaveLength(1);
  expect((await apply(await planned(), { target, journal })).counts).toMatchObject({ applied: 1 });
  expect(readdirSync(journal).filter((name) => name.endsWith(".plan"))).toEqual([]);
});

it("a plan waits until nothing of an apply that was cut off can come late", async () => {
  const { journal, planned } = await place();
  const made = await planned();
  const cut = await newJournal(durableFolder(journal), made, settle, true, systemClock);
  for (const { key, changes } of made.resources) {
    const operation = { name: "AddQueueItem", repeat: "afterSettle" } as const;
    await cut.begin({ key, operation, changes: [...changes], attempt: 1 }).sent();
  }
  await cut.abandon();
  const file = readdirSync(journal).find((name) => name.endsWith(".ndjson")) ?? "";
  const sentAt = Date.parse(
    (JSON.parse(readFileSync(join(journal, file), "utf8").split("\n")[1] ?? "") as { at: string }).at,
  );
  await planned();
  expect(Date.now()).toBeGreaterThanOrEqual(sentAt + settle);
});

it("where the journal cannot be written nothing is sent", async () => {
  const { journal, target, posts, planned } = await place();
  const made = await planned();
  writeFileSync(journal, "taken");
  await expect(apply(made, { target, journal })).rejects.toMatchObject({ code: expect.any(String) as unknown });
  expect([posts(), existsSync(journal)]).toEqual([0, true]);
});
