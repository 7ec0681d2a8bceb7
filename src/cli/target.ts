import { basename } from "node:path";
import type { EmbeddedConnection, RemoteConnection, ResolvedTarget } from "../config/config.ts";
import { displayPath } from "../document/display.ts";
import { connect, type Auth, type TenantReader } from "../orchestrator/index.ts";
import { openDebugFile, type DebugFile, type DebugOptions } from "./debug-http.ts";
import type { Io } from "./io.ts";
import { fileSpool } from "../workflow/files/spool.ts";
import { userAgent } from "./user-agent.ts";

/** A target to work with until it is disposed of. */
export interface OpenTarget extends AsyncDisposable {
  readonly reader: TenantReader;
  /** As plans name it: the url, or for an embedded target the tenant file's name, never its port. */
  readonly planUrl: string;
}

/** Opens a target; an embedded one starts its Orchestrator, on loopback, for as long as the target is open. */
export async function openTarget(target: ResolvedTarget, options: DebugOptions, io: Io): Promise<OpenTarget> {
  const { connection } = target;
  await using stack = new AsyncDisposableStack();
  const debug = openDebugFile(options, io);
  if (debug !== undefined) stack.use(debug); // closed last
  const given = shared(target, debug, io);
  const open = stack.use(
    await (connection.type === "remote" ? openRemote(connection, given) : openEmbedded(connection, given, io)),
  );
  const all = stack.move();
  return { ...open, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

type Shared = Pick<
  Parameters<typeof connect>[0],
  "clock" | "timing" | "capabilities" | "userAgent" | "makeSpool" | "httpLog"
>;

async function openRemote(connection: RemoteConnection, given: Shared): Promise<OpenTarget> {
  const { url, tenantName, allowedHosts, network } = connection;
  const { reader } = connect({
    ...given,
    baseUrl: url,
    auth: authOf(connection),
    network,
    ...(tenantName === undefined ? {} : { tenantName }),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
  });
  return { reader, planUrl: url, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function authOf({ auth, identityUrl }: RemoteConnection): Auth {
  if (auth.type !== "clientCredentials") return auth;
  const { clientId, ...rest } = auth;
  return { ...rest, clientId: clientId.reveal(), ...(identityUrl === undefined ? {} : { identityUrl }) };
}

async function openEmbedded(connection: EmbeddedConnection, given: Shared, io: Io): Promise<OpenTarget> {
  const { startEmbedded } = await import("./embedded.ts");
  const { tenant, dataFile } = connection;
  const file = "file" in tenant ? tenant.file : tenant.builtIn;
  const emulator = await startEmbedded({
    tenant: file,
    ...(dataFile === undefined ? {} : { data: dataFile }),
    listCallsPerMinute: null, // nobody else uses it: a quota would only make the user wait
  });
  const remedy =
    dataFile === undefined ? "" : ` To begin again from the tenant file, delete ${displayPath(dataFile, io.cwd)}.`;
  for (const warning of emulator.warnings) io.stderr.write(`warning: ${warning}${remedy}\n`);
  const { reader } = connect({
    ...given,
    baseUrl: emulator.url,
    auth: { type: "token", token: emulator.token },
    network: connection.network,
  });
  return { reader, planUrl: `embedded:${basename(file)}`, [Symbol.asyncDispose]: () => emulator.close() };
}

function shared(target: ResolvedTarget, debug: DebugFile | undefined, io: Io): Shared {
  const { request, listCallsPerMinute } = target.timing;
  const timing = { request, ...(listCallsPerMinute === undefined ? {} : { listCallsPerMinute }) };
  return {
    clock: io.clock,
    timing,
    capabilities: target.capabilities,
    makeSpool: fileSpool,
    userAgent: userAgent(io),
    ...(debug === undefined ? {} : { httpLog: debug.log }),
  };
}
