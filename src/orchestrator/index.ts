import { memorySpool, type MakeSpool } from "../core/list.ts";
import { OrchestratorClient, type ClientOptions } from "./http/client.ts";
import { openTenant, type TenantReader } from "./read/tenant.ts";

export { gateways } from "./gateways/registry.ts";
export { postComment } from "./gateways/review/comment.ts";
export type { Auth } from "./http/auth.ts";
export type { HttpLog } from "./http/http-log.ts";
export type { ItemFilter } from "./read/listed-items.ts";
export type { JobFilter } from "./read/listed-jobs.ts";
export type { WaitingItem } from "./read/queue-items.ts";
export type { TenantReader } from "./read/tenant.ts";

export interface ConnectOptions extends ClientOptions {
  /** For rows that are read, of which there may be millions. @default in memory */
  readonly makeSpool?: MakeSpool;
}

/** A tenant to work with for one run. */
export interface Connection {
  readonly client: OrchestratorClient;
  readonly reader: TenantReader;
}

/** Opens a tenant. Nothing is called yet; refuses, with a UsageError, addresses that credentials must not go to. */
export function connect(target: ConnectOptions): Connection {
  const client = OrchestratorClient.create(target);
  return { client, reader: openTenant(client, target.makeSpool ?? memorySpool) };
}
