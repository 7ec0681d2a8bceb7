import { OrchestratorClient, type ClientOptions } from "./http/client.ts";
import { openTenant, type TenantReader } from "./read/tenant.ts";

export { gateways } from "./gateways/registry.ts";
export type { Auth } from "./http/auth.ts";
export type { ClientOptions } from "./http/client.ts";
export type { ItemFilter } from "./read/listed-items.ts";
export type { JobFilter } from "./read/listed-jobs.ts";
export type { TenantReader } from "./read/tenant.ts";

/** A tenant to work with for one run. */
export interface Connection {
  readonly client: OrchestratorClient;
  readonly reader: TenantReader;
}

/** Opens a tenant. Nothing is called yet; refuses, with a UsageError, addresses that credentials must not go to. */
export function connect(target: ClientOptions): Connection {
  const client = OrchestratorClient.create(target);
  return { client, reader: openTenant(client) };
}
