import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { FaultRule } from "../../src/emulator/index.ts";
import { authority } from "../support/certificates.ts";
import { exampleCopy, orchSync, temporaryFolder } from "../support/cli.ts";
import { connectProxy, type ConnectProxy, type ConnectProxyOptions } from "../support/proxy.ts";
import { manifests, tenant, workplace, writeFiles, type Workplace } from "../support/server.ts";
import { tlsFront } from "../support/tls-front.ts";

const ca = authority();

/** A server that speaks TLS with a certificate of an authority of its own, and the configs of the ways to it. */
async function behindTls(
  options: ConnectProxyOptions = {},
  faults: readonly FaultRule[] = [],
): Promise<{ readonly place: Workplace; readonly proxy: ConnectProxy; readonly url: string }> {
  const place = await workplace({
    tenant: tenant({ queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }] }),
    files: { "manifests/a.yaml": manifests.items("{ queue: Q, items: [{ reference: R-1 }, { reference: R-2 }] }") },
    faults,
  });
  const front = await tlsFront(place.emulator.url, ca.issue());
  const proxy = await connectProxy(options);
  onTestFinished(async () => {
    await front[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });
  writeFiles(place.folder, { "corp.pem": `ours:\n${authority("another").cert}${ca.cert}` });
  return { place, proxy, url: front.url };
}

function configure({ folder }: Workplace, url: string, members: string): void {
  const auth = "auth: { type: token, token: '${env:TOKEN}' }";
  const timing = "timing: { request: 20s, settle: 300ms, poll: 20ms }";
  const target = `{ url: "${url}", folder: Finance, ${auth}, ${timing}${members === "" ? "" : `, ${members}`} }`;
  const text = `apiVersion: orch-sync/v1\nkind: Config\nmanifests: [manifests/]\ndefaultTarget: test\ntargets:\n  test: ${target}\n`;
  writeFileSync(join(folder, "orch-sync.yaml"), text);
}

async function references({ emulator }: Workplace): Promise<string[]> {
  const headers = { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": "Finance" };
  const response = await fetch(`${emulator.url}/odata/QueueItems`, { headers });
  const { value } = (await response.json()) as { readonly value: readonly { readonly Reference: string }[] };
  return value.map(({ Reference }) => Reference).toSorted();
}

/** Cuts every tunnel as soon as the server has done what a write asks for, and before its answer comes through. */
async function cutAfterWrite(place: Workplace, cuts: readonly (() => void)[]): Promise<void> {
  while ((await references(place)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const cut of cuts) cut();
}

it("applies through a proxy with a password to a server of a private authority, and a write that the proxy cuts is done once", async () => {
  const cuts: (() => void)[] = [];
  const late = {
    match: { method: "POST", path: "/odata/Queues/**" },
    times: 1,
    handle: "once",
    answer: "never",
  } as const;
  const { place, proxy, url } = await behindTls({ onTunnel: ({ cut }) => cuts.push(cut) }, [late]);
  configure(place, url, `caFile: corp.pem, proxy: "${proxy.url.replace("//", "//svc:${secret:PROXY_PASSWORD}@")}"`);
  const env = { PROXY_PASSWORD: "hunter2@/%", CI_JOB_URL: "https://ci.example/7", GITLAB_CI: "true" };
  const applying = place.run(["apply", "--auto-approve", "--debug-http", "http.ndjson"], { env });
  await Promise.race([applying, cutAfterWrite(place, cuts)]);
  const applied = await applying;
  expect(applied).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("failed 0, skipped 0, unknown 0") as string,
  });
  expect(await references(place)).toEqual(["R-1", "R-2"]);
  expect(new Set(proxy.asked.map(({ to, credentials }) => `${to} ${credentials}`))).toEqual(
    new Set([`${new URL(url).host} svc:hunter2@/%`]),
  );
  const calls = readFileSync(join(place.folder, "http.ndjson"), "utf8");
  expect(calls).toMatch(/"type":"broken".*"reason":"network"/);
  expect(calls).toContain(`"proxy":"${proxy.host}"`);
  expect(calls).toMatch(/"user-agent":"orch-sync\/[\d.]+ \(\+https:\/\/ci\.example\/7\)"/);
  expect(`${calls}${applied.stdout}${applied.stderr}`).not.toMatch(/hunter2|Bearer/);
  expect(calls).not.toContain(place.emulator.token);
  expect(statSync(join(place.folder, "http.ndjson")).mode & 0o777).toBe(0o600);
});

it("says what is in the way, and what to do", async () => {
  const { place, proxy, url } = await behindTls({ refuse: () => 407 });
  configure(place, url, "");
  const untrusted = await place.run(["plan"]);
  expect(untrusted.code).toBe(1);
  expect(untrusted.stderr).toContain("its certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)");
  expect(untrusted.stderr).toContain("caFile");

  configure(place, url, "caFile: nowhere.pem");
  const missing = await place.run(["plan"]);
  expect(missing).toMatchObject({ code: 3 });
  expect(missing.stderr).toMatch(/orch-sync\.yaml:6:\d+/);
  expect(missing.stderr).toContain('caFile "nowhere.pem" does not exist');

  configure(place, "https://orchestrator.test", "");
  const env = { HTTPS_PROXY: proxy.url.replace("//", "//svc:hunter2@"), NO_PROXY: "other.test" };
  const refused = await place.run(["plan"], { env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(
    `cannot reach orchestrator.test: the proxy ${proxy.host} (of HTTPS_PROXY) refuses with HTTP 407, it does not take the user`,
  );
  expect(refused.stderr).toContain("check them in HTTPS_PROXY");
  expect(refused.stderr).not.toContain("hunter2");
  expect(proxy.asked).toEqual([{ to: "orchestrator.test:443", credentials: "svc:hunter2" }]);
});

// On Windows and macOS the system's authorities are no file that a test may change.
it.runIf(process.platform === "linux")("trusts the authorities of the system", async () => {
  const { place, url } = await behindTls();
  configure(place, url, "");
  const planned = await place.run(["plan"], { env: { SSL_CERT_FILE: join(place.folder, "corp.pem") } });
  expect(planned).toMatchObject({ code: 0, stderr: "" });
});

it("an embedded Orchestrator is reached without a proxy, whatever Node is told", async () => {
  const proxy = await connectProxy({ refuse: () => 502 });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const folder = exampleCopy("quickstart");
  const env = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url };
  const config = join(folder, "orch-sync.yaml");
  expect(await orchSync(["plan", folder, "--config", config], { env })).toMatchObject({ code: 0, stderr: "" });
  expect(proxy.asked).toEqual([]);
});

it("ends soon after the call that it gives up, also where nobody answers a TLS handshake", async () => {
  const hole = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void hole.close());
  await once(hole, "listening");
  const folder = temporaryFolder();
  const { port } = hole.address() as AddressInfo;
  writeFiles(folder, { "a.yaml": manifests.items("{ queue: Q, items: [{ reference: R-1 }] }") });
  const env = { ORCH_SYNC_URL: `https://127.0.0.1:${port}`, ORCH_SYNC_TOKEN: "t", ORCH_SYNC_FOLDER: "Finance" };
  const begun = performance.now();
  const { code, stderr } = await orchSync(["plan", "a.yaml", "--timeout", "200ms"], { cwd: folder, env });
  expect([code, stderr]).toEqual([7, "orch-sync: --timeout ran out before anything was written\n"]);
  expect(performance.now() - begun).toBeLessThan(8000); // the handshake itself waits for ten seconds
});
