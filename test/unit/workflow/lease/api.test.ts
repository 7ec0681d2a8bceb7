import { expect, it, onTestFinished } from "vitest";
import { startEmulator } from "../../../../src/emulator/index.ts";
import { apply, loadManifests, plan } from "../../../../src/index.ts";
import { temporaryFolder } from "../../../support/cli.ts";
import { manifests, tenant, writeFiles } from "../../../support/server.ts";

it("a library takes a lease, too: before its first write, and gives it back after the last", async () => {
  const queues = [
    { name: "lock", folder: "Finance", uniqueReferences: true, autoRetry: false },
    { name: "Plain", folder: "Finance" },
  ];
  const emulator = await startEmulator({ tenant: tenant({ queues }) });
  onTestFinished(() => emulator.close());
  const cwd = temporaryFolder();
  writeFiles(cwd, { "a.yaml": manifests.items("{ queue: Plain, seedUntil: never, items: [{ reference: A }] }") });
  const loaded = await loadManifests({ paths: ["a.yaml"], cwd, folder: "Finance" });
  const { url, token } = emulator;
  const target = { url, auth: { type: "token", token }, lease: { queue: "lock", folder: "Finance" } } as const;
  const made = await plan({ manifests: loaded, target });
  expect(made.diagnostics).toEqual([]);
  expect((await apply(made, { target })).counts).toMatchObject({ applied: 1 });
  const writes = emulator.requests().filter(({ method }) => method !== "GET");
  expect(writes.map(({ method, path }) => `${method} ${path.replace(/^.*[/.](\w+).*$/, "$1")}`)).toEqual([
    "POST DeleteBulk",
    "POST AddQueueItem",
    "PUT QueueItems",
    "POST AddQueueItem",
    "POST DeleteBulk",
  ]);
});
