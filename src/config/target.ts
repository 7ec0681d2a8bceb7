import { resolve } from "node:path";
import type { Diagnostic } from "../core/diagnostic.ts";
import { sortDiagnostics } from "../core/diagnostic.ts";
import { UsageError } from "../core/errors.ts";
import { manifestApiVersion } from "../core/formats.ts";
import type { Guards } from "../core/guard.ts";
import type { Locate, Path } from "../core/locate.ts";
import type { Network } from "../core/network.ts";
import { nearest } from "../core/nearest.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import { concealed, revealed, Secret, SecretValue, type JsonWithSecrets } from "../core/secret.ts";
import { readTyped } from "../document/typed.ts";
import { resolveValues, type Environment, type ValueSources, type Variables } from "../document/values.ts";
import {
  type Auth,
  type Config,
  type EmbeddedConnection,
  type RemoteConnection,
  type ResolvedTarget,
  type UnresolvedTarget,
} from "./config.ts";
import { allowedHosts, defaultScope, environmentTargetOf } from "./environment.ts";
import { leaseOf, leaseProblems } from "./lease.ts";
import type { ConfigFile, EmbeddedTarget, RemoteTarget } from "./generated/config.ts";
import { checkConfig } from "./schema.ts";
import { configSecrets } from "./secrets.ts";
import { networkOf, nodesProxy } from "./network.ts";
import { timingOf, timingProblems } from "./timing.ts";
import { readUrl } from "./urls.ts";

export interface ResolveTargetOptions {
  /** Undefined without a config file. */
  readonly config?: Config | undefined;
  /** What `--target` says. */
  readonly name?: string | undefined;
  readonly env: Environment;
  /** What the command line gives for `${var:NAME}`: it wins over the target's own. */
  readonly variables?: Variables;
}

export interface TargetResolution {
  /** Undefined when none was named, or when the diagnostics say what is wrong with it. */
  readonly target?: ResolvedTarget;
  readonly diagnostics: readonly Diagnostic[];
  /** Why there is no target, and how to name one: when nothing is wrong, but none was named. */
  readonly explanation?: string;
}

/**
 * Chooses the target: the one named, else the config's default, else what the environment makes; there is no other.
 * @throws UsageError when the named target does not exist.
 */
export function resolveTarget({ config, name, env, variables }: ResolveTargetOptions): TargetResolution {
  const chosen = name ?? config?.defaultTarget;
  if (chosen !== undefined) {
    const target = config?.targets.get(chosen);
    if (config !== undefined && target === undefined && name === undefined) return { diagnostics: [] }; // CF002 says it
    if (config === undefined || target === undefined) throw unknownTarget(chosen, config);
    return fromConfig(target, config, { env, variables });
  }
  return environmentTargetOf(env, variables ?? new Map()) ?? { diagnostics: [], explanation: explanationFor(config) };
}

function unknownTarget(name: string, config: Config | undefined): UsageError {
  const names = [...(config?.targets.keys() ?? [])];
  const meant = nearest(name, names);
  const known = names.length === 0 ? "the config has no targets" : `known are ${names.join(", ")}`;
  const hint = meant === undefined ? known : `did you mean ${meant}?`;
  const message = `there is no target ${name}`;
  return new UsageError(message, {
    hint: config === undefined ? "no orch-sync.yaml was found; name one with --config" : hint,
  });
}

function explanationFor(config: Config | undefined): string {
  const names = [...(config?.targets.keys() ?? [])];
  const first = names[0];
  const choice = first === undefined ? "add a target to orch-sync.yaml" : `name one with --target ${names.join("|")}`;
  return `${choice}, set defaultTarget in orch-sync.yaml, or set ORCH_SYNC_URL and credentials`;
}

function fromConfig(target: UnresolvedTarget, config: Config, sources: ValueSources): TargetResolution {
  const { name, at, value } = target;
  const path: Path = ["targets", name];
  const { variables: written, ...rest } = (isRecord(value) ? value : {}) as Readonly<Record<string, JsonValue>>;
  // The command line's win, so what they stand for here need not be there.
  const own = Object.entries(isRecord(written) ? (written as Readonly<Record<string, JsonValue>>) : {});
  const needed = Object.fromEntries(own.filter(([variable]) => sources.variables?.has(variable) !== true));
  const given = resolveValues(needed, at, sources, configSecrets, [...path, "variables"]);
  const variables = new Map([...textsOf(given.value), ...(sources.variables ?? [])]);
  // A variable that could not be made is one problem, not one more wherever it is used.
  const pending = given.diagnostics.length > 0 ? new Set(Object.keys(needed)) : undefined;
  const resolved = resolveValues(rest, at, { ...sources, variables, pending }, configSecrets, path);
  const unset = [...given.diagnostics, ...resolved.diagnostics];
  if (unset.length > 0) return { diagnostics: sortDiagnostics(unset) };
  // Revealed under auth and proxy alone: nowhere else are there secrets, and no message quotes what stands there.
  const checked = { ...(revealed(resolved.value) as object), ...(written === undefined ? {} : { variables: written }) };
  const document = { apiVersion: manifestApiVersion, kind: "Config", targets: { [name]: checked } };
  let problems = checkConfig(document, at);
  while (readTyped(document, problems, resolved.referenceOnly)) problems = checkConfig(document, at);
  if (problems.length > 0) return { diagnostics: sortDiagnostics(problems.map(({ diagnostic }) => diagnostic)) };
  const raw = (document as unknown as Required<ConfigFile>).targets[name];
  if (raw === undefined) return { diagnostics: [] };
  const diagnostics = [
    ...timingProblems(raw.timing ?? {}, path, at),
    ...leaseProblems(raw, path, at),
    ...("url" in raw ? urlProblems(raw, path, at) : []),
  ];
  const { proxy: shownProxy } = concealed(resolved.value) as { readonly proxy?: unknown };
  const where = { root: config.root, env: sources.env, path, at, shownProxy: String(shownProxy) };
  const { network, diagnostics: networkProblems } = "url" in raw ? networkOf(raw, where) : nodesProxy(sources.env);
  diagnostics.push(...networkProblems);
  if (diagnostics.length > 0) return { diagnostics: sortDiagnostics(diagnostics) };
  return { target: { ...asTarget(name, raw, config, sources.env, network), variables }, diagnostics: [] };
}

/** What is no text there, the schema refuses. */
function textsOf(values: JsonWithSecrets): [string, string | SecretValue<string>][] {
  return Object.entries(values ?? {}).flatMap(([name, value]: [string, unknown]) =>
    typeof value === "string" || value instanceof SecretValue ? [[name, value as string | SecretValue<string>]] : [],
  );
}

function asTarget(
  name: string,
  raw: EmbeddedTarget | RemoteTarget,
  config: Config,
  env: Environment,
  network: Network,
): Omit<ResolvedTarget, "variables"> {
  const embedded = "embedded" in raw;
  // The schema has checked the form of shares.
  const guards = (raw.guards ?? (embedded ? undefined : {})) as Partial<Guards> | undefined;
  return {
    name,
    ...(raw.folder === undefined ? {} : { folder: raw.folder }),
    ...(guards === undefined ? {} : { guards }),
    timing: timingOf(raw.timing ?? {}, embedded ? undefined : raw.url),
    ...(raw.capabilities === undefined ? {} : { capabilities: raw.capabilities }),
    ...(raw.lease === undefined ? {} : { lease: leaseOf(raw.lease, raw.folder) }),
    connection: embedded ? embeddedConnection(raw, config, network) : remoteConnection(raw, env, network),
  };
}

function embeddedConnection(
  { embedded: { tenant, data } }: EmbeddedTarget,
  { root }: Config,
  network: Network,
): EmbeddedConnection {
  return {
    type: "embedded",
    tenant: tenant === "documented" ? { builtIn: tenant } : { file: resolve(root, tenant) },
    ...(data === undefined ? {} : { dataFile: resolve(root, data) }),
    network,
  };
}

function remoteConnection(raw: RemoteTarget, env: Environment, network: Network): RemoteConnection {
  const identityUrl = identityOf(raw);
  const hosts = allowedHosts(env);
  return {
    type: "remote",
    url: addressOf(raw.url),
    ...(raw.tenant === undefined ? {} : { tenantName: raw.tenant }),
    auth: authOf(raw.auth),
    ...(identityUrl === undefined ? {} : { identityUrl: addressOf(identityUrl) }),
    ...(hosts === undefined ? {} : { allowedHosts: hosts }),
    network,
  };
}

function authOf(raw: RemoteTarget["auth"]): Auth {
  if (raw.type === "token") return { type: "token", token: new Secret(raw.token) };
  if (raw.type === "password") {
    return { type: "password", username: new Secret(raw.username), password: new Secret(raw.password) };
  }
  const { clientId, clientSecret, scope = defaultScope } = raw;
  return {
    type: "clientCredentials",
    clientId: new Secret(clientId),
    clientSecret: new Secret(clientSecret),
    scope,
  };
}

/** Passwords are for Orchestrator itself: no identity server is asked. */
function identityOf({ auth }: RemoteTarget): string | undefined {
  return "identityUrl" in auth ? auth.identityUrl : undefined;
}

function addressOf(text: string): string {
  const read = readUrl(text);
  return "url" in read ? read.url : text;
}

function urlProblems(raw: RemoteTarget, path: Path, at: Locate): Diagnostic[] {
  const places: readonly (readonly [string | undefined, Path])[] = [
    [raw.url, ["url"]],
    [identityOf(raw), ["auth", "identityUrl"]],
  ];
  return places.flatMap(([text, place]): Diagnostic[] => {
    const read = text === undefined ? undefined : readUrl(text);
    if (read === undefined || "url" in read) return [];
    // The text is not quoted: it may hold a password.
    const { text: _text, ...source } = at([...path, ...place]);
    const hint = "write the https address of the Orchestrator, without user, query and fragment";
    return [{ code: "CF004", severity: "error", message: `${place.join(".")} ${read.problem}`, hint, source }];
  });
}
