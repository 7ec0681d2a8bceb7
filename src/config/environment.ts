import type { Diagnostic } from "../core/diagnostic.ts";
import { Secret } from "../core/secret.ts";
import type { Environment, Variables } from "../document/values.ts";
import { timingFor, type Auth, type ResolvedTarget } from "./config.ts";
import { environmentNetwork } from "./network.ts";
import { readUrl } from "./urls.ts";

/** The name of the target that environment variables make. */
export const environmentTarget = "environment";

/** Our own names first; where one is unset, UiPath's own serve. */
const names = {
  url: ["ORCH_SYNC_URL", "UIPATH_URL"],
  folder: ["ORCH_SYNC_FOLDER", "UIPATH_FOLDER_PATH"],
  tenant: ["ORCH_SYNC_TENANT", "UIPATH_TENANT"],
  token: ["ORCH_SYNC_TOKEN", "UIPATH_ACCESS_TOKEN", "UIPATH_PAT"],
  clientId: ["ORCH_SYNC_CLIENT_ID", "UIPATH_CLIENT_ID"],
  clientSecret: ["ORCH_SYNC_CLIENT_SECRET", "UIPATH_CLIENT_SECRET"],
  scope: ["ORCH_SYNC_SCOPE"],
} as const;

interface Found {
  readonly name: string;
  readonly value: string;
}

/** A target made of environment variables; undefined when they name no Orchestrator. */
export function environmentTargetOf(
  env: Environment,
  variables: Variables,
): { readonly target?: ResolvedTarget; readonly diagnostics: readonly Diagnostic[] } | undefined {
  const url = first(env, names.url);
  if (url === undefined) return undefined;
  const read = readUrl(url.value);
  if ("problem" in read) {
    const message = `${url.name} ${read.problem}`;
    return {
      diagnostics: [{ code: "CF004", severity: "error", message, hint: "write the https address of the Orchestrator" }],
    };
  }
  const auth = authOf(env);
  if (auth === undefined) {
    const message = `${url.name} is set, but there are no credentials`;
    const hint = "set ORCH_SYNC_TOKEN, or ORCH_SYNC_CLIENT_ID and ORCH_SYNC_CLIENT_SECRET";
    return { diagnostics: [{ code: "CF007", severity: "error", message, hint }] };
  }
  const { network, diagnostics } = environmentNetwork(env);
  if (diagnostics.length > 0) return { diagnostics };
  const [folder, tenant, hosts] = [first(env, names.folder), first(env, names.tenant), allowedHosts(env)];
  const target: ResolvedTarget = {
    name: environmentTarget,
    ...(folder === undefined ? {} : { folder: folder.value }),
    guards: {},
    timing: timingFor(read.url),
    variables,
    connection: {
      type: "remote",
      url: read.url,
      ...(tenant === undefined ? {} : { tenantName: tenant.value }),
      auth,
      ...(hosts === undefined ? {} : { allowedHosts: hosts }),
      network,
    },
  };
  return { target, diagnostics: [] };
}

/**
 * `ORCH_SYNC_ALLOWED_HOSTS`: whatever a config says, credentials go nowhere else. Set and empty allows none: a
 * pipeline's variable that came out empty must not open what it was meant to close.
 */
export function allowedHosts(env: Environment): readonly string[] | undefined {
  const hosts = env["ORCH_SYNC_ALLOWED_HOSTS"]?.split(/[\s,]+/).filter((host) => host !== "");
  return hosts?.map((host) => host.toLowerCase());
}

/** Leaves it to the roles that the application has; without a scope, one that has no scopes of its own gets no token. */
export const defaultScope = "OR.Default";

/** A token of ours, our client, then UiPath's: a pipeline that sets ours means them. */
function authOf(env: Environment): Auth | undefined {
  const own = first(env, names.token.slice(0, 1)) ?? undefined;
  if (own !== undefined) return { type: "token", token: new Secret(own.value) };
  const [ownId, ownSecret] = [first(env, names.clientId.slice(0, 1)), first(env, names.clientSecret.slice(0, 1))];
  const token = first(env, names.token);
  if (token !== undefined && (ownId === undefined || ownSecret === undefined)) {
    return { type: "token", token: new Secret(token.value) };
  }
  const [clientId, clientSecret, scope] = [
    first(env, names.clientId),
    first(env, names.clientSecret),
    first(env, names.scope),
  ];
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return {
    type: "clientCredentials",
    clientId: new Secret(clientId.value),
    clientSecret: new Secret(clientSecret.value),
    scope: scope?.value ?? defaultScope,
  };
}

function first(env: Environment, candidates: readonly string[]): Found | undefined {
  for (const name of candidates) {
    const value = env[name];
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}
