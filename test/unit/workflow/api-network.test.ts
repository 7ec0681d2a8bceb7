import { expect, it } from "vitest";
import { startEmulator } from "../../../src/emulator/index.ts";
import { loadManifests, plan, UsageError } from "../../../src/index.ts";
import { authority } from "../../support/certificates.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { connectProxy } from "../../support/proxy.ts";
import { manifests, tenant, writeFiles } from "../../support/server.ts";
import { tlsFront } from "../../support/tls-front.ts";

it("a library names its proxy and its authorities", async () => {
  const ca = authority();
  await using emulator = await startEmulator({
    tenant: tenant({ queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }] }),
  });
  await using front = await tlsFront(emulator.url, ca.issue());
  await using proxy = await connectProxy();
  const cwd = temporaryFolder();
  writeFiles(cwd, { "a.yaml": manifests.items("{ queue: Q, items: [{ reference: A }] }") });
  const loaded = await loadManifests({ paths: ["a.yaml"], cwd, folder: "Finance" });
  const target = { url: front.url, auth: { type: "token", token: emulator.token } } as const;
  const made = await plan({ manifests: loaded, target: { ...target, proxy: proxy.url, ca: [ca.cert] } });
  expect(made.summary.create).toBe(1);
  expect(proxy.asked.length).toBeGreaterThan(0);
  const wrong = plan({ manifests: loaded, target: { ...target, proxy: "socks5://ana:hunter2@x" } });
  await expect(wrong).rejects.toThrow(UsageError);
  await expect(wrong).rejects.not.toThrow("hunter2");
});
