import { expect, it } from "vitest";
import type { RemoteConnection } from "../../../src/config/config.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { resolveTarget, type TargetResolution } from "../../../src/config/target.ts";
import { proxyName } from "../../../src/core/network.ts";
import { formatPlace } from "../../../src/core/source.ts";
import type { Environment } from "../../../src/document/values.ts";
import { authority } from "../../support/certificates.ts";
import { inFolder } from "./folder.ts";

const first = authority("first").cert;
const second = authority("second").cert;
const files = {
  "one.pem": first,
  "two.pem": `# ours\n${first}\nIssuer: second\n${second}`,
  "key.pem": "-----BEGIN PRIVATE KEY-----\nabcd\n-----END PRIVATE KEY-----\n",
  "cut.pem": `${first}${second.slice(0, 80)}\n-----END CERTIFICATE-----\n`,
  "one.der": "0\u0082\u0001\u0000",
  "empty.pem": "",
};

async function resolved(line: string, env: Environment = {}): Promise<TargetResolution> {
  const text = [
    "apiVersion: orch-sync/v1",
    "kind: Config",
    "targets:",
    "  prod:",
    "    url: https://orch.corp.example",
    "    auth: { type: token, token: abc }",
    ...(line === "" ? [] : [`    ${line}`]),
  ].join("\n");
  return inFolder({ ...files, "etc/orch-sync.yaml": text }, async (cwd) => {
    const { config, diagnostics } = await loadConfig({ file: "etc/orch-sync.yaml", cwd, env });
    return config === undefined ? { diagnostics } : resolveTarget({ config, name: "prod", env });
  });
}

function networkOf({ target }: TargetResolution): RemoteConnection["network"] | undefined {
  return target?.connection.type === "remote" ? target.connection.network : undefined;
}

it("reads one or more certificates, whatever stands around them", async () => {
  expect(networkOf(await resolved("caFile: ../one.pem"))?.ca).toEqual([first.trim()]);
  const env = { CA: "../two.pem" };
  expect(networkOf(await resolved('caFile: "${env:CA}"', env))?.ca).toEqual([first.trim(), second.trim()]);
});

it.each([
  ["../nowhere.pem", 'caFile "../nowhere.pem" does not exist', "relative to the config file"],
  ["../one.der", 'caFile "../one.der" is no PEM text', "openssl x509 -inform der"],
  ["../key.pem", 'caFile "../key.pem" holds no certificate', "-----BEGIN CERTIFICATE-----"],
  ["../empty.pem", 'caFile "../empty.pem" holds no certificate', "-----BEGIN CERTIFICATE-----"],
  ["../cut.pem", `holds a certificate that cannot be read, in line ${first.split("\n").length}`, "whole"],
  ["..", 'caFile ".." is a folder', "relative to the config file"],
])("says what is wrong with the file %s, and where it is named", async (file, message, hint) => {
  const [diagnostic, ...more] = (await resolved(`caFile: ${file}`)).diagnostics;
  expect(more).toEqual([]);
  expect(diagnostic).toMatchObject({ code: "CF012", severity: "error" });
  expect(diagnostic?.message).toContain(message);
  expect(diagnostic?.hint).toContain(hint);
  expect(diagnostic?.source && formatPlace(diagnostic.source)).toBe("etc/orch-sync.yaml:7:13");
});

it.each<[string, Environment, string | undefined]>([
  ["proxy: http://own:1", { HTTPS_PROXY: "http://env:1", NO_PROXY: "*" }, "own:1 of the target, never without"],
  ["proxy: none", { HTTPS_PROXY: "http://env:1" }, undefined],
  ["", {}, undefined],
  ["", { HTTPS_PROXY: "http://upper:1", https_proxy: "http://lower:1" }, "lower:1 of https_proxy, but not to "],
  ["", { HTTPS_PROXY: "http://upper:1", https_proxy: "" }, "upper:1 of HTTPS_PROXY, but not to "],
  ["", { HTTP_PROXY: "plain:1" }, "plain:1 of HTTP_PROXY, but not to "],
  ["", { http_proxy: "plain:1", HTTPS_PROXY: "tls:1" }, "tls:1 of HTTPS_PROXY, but not to "],
  ["", { HTTPS_PROXY: "env:1", NO_PROXY: "a.test" }, "env:1 of HTTPS_PROXY, but not to a.test"],
  ["", { HTTPS_PROXY: "env:1", NO_PROXY: "a.test", no_proxy: "b.test" }, "env:1 of HTTPS_PROXY, but not to b.test"],
])("%j with %j", async (line, env, expected) => {
  const { proxy, noProxy } = networkOf(await resolved(line, env)) ?? {};
  const but = noProxy === undefined ? "never without" : `but not to ${noProxy}`;
  expect(proxy && `${proxyName(proxy)} of ${proxy.from}, ${but}`).toBe(expected);
});

it("a proxy's password may be a secret, and no output shows it", async () => {
  const found = await resolved('proxy: "http://ana:${secret:KEY}@proxy:1"', { KEY: "hunter2" });
  expect(networkOf(found)?.proxy?.credentials?.reveal()).toBe("ana:hunter2");
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

it.each([
  "http://${secret:KEY}",
  "http://ana:b@${secret:KEY}:8080",
  "http://proxy.example:${secret:PORT}",
  "${secret:KEY}://proxy.example",
])("a secret that messages would show as host or port is refused: %s", async (proxy) => {
  const found = await resolved(`proxy: "${proxy}"`, { KEY: "hunter2", PORT: "8443" });
  expect(found.diagnostics).toMatchObject([{ code: "CF013" }]);
  expect(JSON.stringify(found)).not.toMatch(/hunter2|8443/);
});

it("a user that looks like a host is none", async () => {
  const found = await resolved('proxy: "http://${secret:USER}@proxy.example"', { USER: "ana@elsewhere.example" });
  expect(networkOf(found)?.proxy).toMatchObject({ host: "proxy.example" });
  expect(JSON.stringify(found)).not.toContain("elsewhere");
});

it("an address that is none is a problem that quotes nothing of it", async () => {
  const { diagnostics } = await resolved('proxy: "socks5://ana:hunter2@proxy:1"');
  expect(diagnostics).toMatchObject([{ code: "CF013", message: expect.stringContaining("socks5:") as string }]);
  expect(diagnostics[0]?.source && formatPlace(diagnostics[0].source)).toBe("etc/orch-sync.yaml:7:12");
  const { diagnostics: ofEnvironment } = await resolved("", { HTTPS_PROXY: "http://ana:hunter2@:x" });
  expect(ofEnvironment).toMatchObject([{ code: "CF013", message: "HTTPS_PROXY is no address of a proxy" }]);
  expect(JSON.stringify([diagnostics, ofEnvironment])).not.toContain("hunter2");
});

it("Node's own proxies are kept away", async () => {
  expect(networkOf(await resolved("", { NODE_USE_ENV_PROXY: "1" }))?.avoidsFetch).toBe(true);
  expect(networkOf(await resolved("", { NODE_OPTIONS: "--use-env-proxy" }))?.avoidsFetch).toBe(true);
  expect(networkOf(await resolved(""))).toEqual({});
});

it("a target of the environment goes through its proxy", () => {
  const env = { ORCH_SYNC_URL: "https://x.example", ORCH_SYNC_TOKEN: "t", HTTPS_PROXY: "http://env:1" };
  expect(networkOf(resolveTarget({ env }))?.proxy).toMatchObject({ host: "env", from: "HTTPS_PROXY" });
  expect(resolveTarget({ env: { ...env, HTTPS_PROXY: "ftp://x" } }).diagnostics).toMatchObject([{ code: "CF013" }]);
});
