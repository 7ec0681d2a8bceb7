import { X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { Locate, Path } from "../core/locate.ts";
import { proxyName, readProxy, type Network, type Proxy } from "../core/network.ts";
import { readTextFileSync } from "../document/read.ts";
import type { Environment } from "../document/values.ts";
import type { RemoteTarget } from "./generated/config.ts";

/** How a target is reached, or what is wrong with that. */
export interface NetworkReading {
  readonly network: Network;
  readonly diagnostics: readonly Diagnostic[];
}

interface Where {
  /** Folder that paths are relative to. */
  readonly root: string;
  readonly env: Environment;
  /** The target's place in the config. */
  readonly path: Path;
  readonly at: Locate;
  /** The target's proxy as it is written, with the names of secrets in place of them. */
  readonly shownProxy: string;
}

/** What a target says of its network, and the environment where it says nothing of a proxy. */
export function networkOf(raw: Pick<RemoteTarget, "caFile" | "proxy">, where: Where): NetworkReading {
  const readings = [ownProxy(raw.proxy, where), ownAuthorities(raw.caFile, where), nodesProxy(where.env)];
  return together(readings);
}

/** The network of a target that no config describes. */
export function environmentNetwork(env: Environment): NetworkReading {
  return together([environmentProxy(env), nodesProxy(env)]);
}

function together(readings: readonly NetworkReading[]): NetworkReading {
  return {
    network: Object.assign({}, ...readings.map(({ network }) => network)) as Network,
    diagnostics: readings.flatMap(({ diagnostics }) => diagnostics),
  };
}

const nothing: NetworkReading = { network: {}, diagnostics: [] };

function ownProxy(text: string | undefined, { path, at, env, shownProxy }: Where): NetworkReading {
  if (text === undefined) return environmentProxy(env);
  if (text === "none") return nothing;
  const shown = readProxy(shownProxy, "the target");
  const read = "proxy" in shown ? readProxy(text, "the target") : shown;
  if ("proxy" in read && "proxy" in shown && isSamePlace(read.proxy, shown.proxy)) {
    return { network: { proxy: read.proxy }, diagnostics: [] };
  }
  const { text: _text, ...source } = at([...path, "proxy"]); // it may hold a password
  const problem =
    text === shownProxy && "problem" in read ? read.problem : "holds a secret that is no user or password";
  return { network: {}, diagnostics: [unusableProxy(`proxy ${problem}`, source)] };
}

/** Messages name host and port: a config that takes them from a secret would have it shown, or looked up as a name. */
function isSamePlace(one: Proxy, other: Proxy): boolean {
  return one.protocol === other.protocol && proxyName(one) === proxyName(other);
}

/**
 * Calls go to https, so HTTPS_PROXY counts; where only HTTP_PROXY is set, that (as in Node itself and npm). Small letters win,
 * as in curl; what is empty is not set.
 */
const proxyNames = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"] as const;

function environmentProxy(env: Environment): NetworkReading {
  const name = proxyNames.find((candidate) => isSet(env[candidate]));
  if (name === undefined) return nothing;
  const read = readProxy(env[name] ?? "", name);
  if ("problem" in read) return { network: {}, diagnostics: [unusableProxy(`${name} ${read.problem}`)] };
  const noProxy = ["no_proxy", "NO_PROXY"].map((each) => env[each]).find(isSet) ?? "";
  return { network: { proxy: read.proxy, noProxy }, diagnostics: [] };
}

function unusableProxy(message: string, source?: Diagnostic["source"]): Diagnostic {
  const hint = "write http://HOST:PORT, with a user http://USER:PASSWORD@HOST:PORT";
  return { code: "CF013", severity: "error", message, hint, ...(source === undefined ? {} : { source }) };
}

/** Node can be told to send every fetch through a proxy, calls to this machine too: those of an embedded target as well. */
export function nodesProxy(env: Environment): NetworkReading {
  const told = env["NODE_USE_ENV_PROXY"] === "1" || (env["NODE_OPTIONS"] ?? "").includes("--use-env-proxy");
  return { network: told ? { avoidsFetch: true } : {}, diagnostics: [] };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}

function ownAuthorities(file: string | undefined, { root, path, at }: Where): NetworkReading {
  if (file === undefined) return nothing;
  const read = readTextFileSync(resolve(root, file));
  const found = read.type === "text" ? certificatesIn(read.text) : unreadable(read);
  if ("ca" in found) return { network: { ca: found.ca }, diagnostics: [] };
  const { problem, hint } = found;
  const diagnostic: Diagnostic = {
    code: "CF012",
    severity: "error",
    message: `caFile ${JSON.stringify(file)} ${problem}`,
    hint,
    source: at([...path, "caFile"]),
  };
  return { network: {}, diagnostics: [diagnostic] };
}

interface Problem {
  readonly problem: string;
  readonly hint: string;
}

const convert =
  "it has to be PEM, which begins with -----BEGIN CERTIFICATE-----; of a DER file: openssl x509 -inform der -in FILE";

function unreadable(read: Exclude<ReturnType<typeof readTextFileSync>, { readonly type: "text" }>): Problem {
  if (read.type === "too-large") return { problem: "is larger than 5 MB", hint: convert };
  if (/^(?:is not UTF-8|holds a NUL)/.test(read.reason)) return { problem: "is no PEM text", hint: convert };
  return { problem: read.reason, hint: "the path is relative to the config file" };
}

const block = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----.*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/gs;

/** Every certificate of a PEM file; text around them, as tools write it, does not matter. */
function certificatesIn(text: string): { readonly ca: readonly string[] } | Problem {
  const blocks = [...text.matchAll(block)];
  if (blocks.length === 0) return { problem: "holds no certificate", hint: convert };
  const broken = blocks.find(([pem]) => !isCertificate(pem));
  if (broken === undefined) return { ca: blocks.map(([pem]) => pem) };
  const line = text.slice(0, broken.index).split("\n").length;
  return { problem: `holds a certificate that cannot be read, in line ${line}`, hint: "copy the file again, whole" };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
