import type { Guards } from "../core/guard.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import type { Locate } from "../core/locate.ts";
import type { Network } from "../core/network.ts";
import type { Secret } from "../core/secret.ts";
import type { Variables } from "../document/values.ts";
import type { TargetCapabilities } from "./generated/config.ts";

/** The config file, checked as far as that is possible without the values of `${…}`. */
export interface Config {
  /** Absolute path of the file. */
  readonly file: string;
  /** Its folder, to which all paths in it are relative; `.orch-sync/` lies there. */
  readonly root: string;
  /** Absolute paths of files and folders. */
  readonly manifests: readonly string[];
  readonly defaultTarget?: string;
  /** By name, in the order of the file. */
  readonly targets: ReadonlyMap<string, UnresolvedTarget>;
}

/** A target as written: its `${…}` are looked up only if it is chosen, so that another one's secret may be unset. */
export interface UnresolvedTarget {
  readonly name: string;
  readonly value: JsonValue;
  /** Positions, from the root of the file. */
  readonly at: Locate;
}

/** Names of variables that some target of the config gives. */
export function targetVariables({ targets }: Config): ReadonlySet<string> {
  return new Set(
    [...targets.values()].flatMap(({ value }) => {
      const variables = isRecord(value) ? value["variables"] : undefined;
      return isRecord(variables) ? Object.keys(variables) : [];
    }),
  );
}

/** Where to apply: everything that a run needs to know of it. */
export interface ResolvedTarget {
  readonly name: string;
  /** For manifests that name no folder. */
  readonly folder?: string;
  /** Undefined for embedded targets that set none: there no limit holds. What is left out has its default. */
  readonly guards?: Partial<Guards>;
  readonly timing: Timing;
  /** What keeps a second apply away; left out: nothing does. */
  readonly lease?: LeaseSettings;
  /** What a probe has found out of the server. */
  readonly capabilities?: TargetCapabilities;
  /** For manifests: the target's own, under those of the command line. */
  readonly variables: Variables;
  readonly connection: EmbeddedConnection | RemoteConnection;
}

/** In milliseconds. */
export interface Timing {
  /** How long one request may take. */
  readonly request: number;
  /** When a write without an answer counts as settled. */
  readonly settle: number;
  /** How often a running job is looked at. */
  readonly poll: number;
  /** List calls of Jobs and of QueueItems, each, in a minute; undefined: no limit. No milliseconds. */
  readonly listCallsPerMinute?: number;
}

/** Where the lease of a target is kept, see docs/lease.md. */
export interface LeaseSettings {
  readonly queue: string;
  /** The full path of the queue's folder. */
  readonly folder: string;
  readonly name: string;
  /** Milliseconds that it holds without being renewed. */
  readonly ttl: number;
  /** True: runs that were started once are remembered there. */
  readonly ledger: boolean;
}

/** Cloud tenants share 100 list calls a minute among all callers (rate limits, API guide); ten are left to others. */
const cloudListCalls = 90;

/** What holds where a target says nothing; `url` is undefined for embedded targets. */
export function timingFor(url: string | undefined): Timing {
  const isCloud = url !== undefined && /^https:\/\/[\w.-]*\.uipath\.(?:com|us)(?:[:/]|$)/i.test(url);
  return { request: 60_000, settle: 240_000, poll: 5000, ...(isCloud ? { listCallsPerMinute: cloudListCalls } : {}) };
}

export interface EmbeddedConnection {
  readonly type: "embedded";
  /** An absolute path, or the name of a tenant that comes with the emulator. */
  readonly tenant: { readonly file: string } | { readonly builtIn: "documented" };
  /** Absolute path. Left out: nothing is kept. */
  readonly dataFile?: string;
  /** Never a proxy. */
  readonly network: Network;
}

export interface RemoteConnection {
  readonly type: "remote";
  /** Without a slash at its end. */
  readonly url: string;
  readonly tenantName?: string;
  readonly auth: Auth;
  /** Left out: found from the url. */
  readonly identityUrl?: string;
  /** Hosts that may be sent credentials; undefined: those of url and identity. */
  readonly allowedHosts?: readonly string[];
  readonly network: Network;
}

export type Auth =
  | { readonly type: "token"; readonly token: Secret }
  | {
      readonly type: "clientCredentials";
      readonly clientId: Secret;
      readonly clientSecret: Secret;
      readonly scope: string;
    }
  | { readonly type: "password"; readonly username: Secret; readonly password: Secret };
