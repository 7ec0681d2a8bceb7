import { readFileSync } from "node:fs";
import { pid } from "node:process";
import { OrchSyncError, UsageError } from "../../core/errors.ts";
import type { EditionName, Emulator, EmulatorOptions } from "../../emulator/index.ts";
import { startEmbedded } from "../embedded.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";

export interface EmulatorCommandOptions {
  readonly host: string;
  readonly port: number;
  readonly data?: string;
  readonly tenant?: string;
  readonly edition?: EditionName;
  readonly layout?: "suite";
  readonly clock?: "real" | "manual";
  readonly faults?: string;
  readonly log?: string;
  readonly json?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Runs the embedded Orchestrator until SIGINT or SIGTERM. */
export async function emulator(_paths: readonly string[], options: EmulatorCommandOptions, io: Io): Promise<ExitCode> {
  const { json, tlsCert, tlsKey, ...rest } = options;
  const tls = certificate(tlsCert, tlsKey);
  const running = await startEmbedded({ ...rest, ...(tls === undefined ? {} : { tls }) });
  // Before it is announced: whoever reads the announcement may end it at once.
  const ended = Promise.withResolvers<void>();
  const dispose = io.onSignal(() => ended.resolve());
  for (const warning of running.warnings) io.stderr.write(`warning: ${warning}\n`);
  io.stdout.write(json === true ? announcement(running) : welcome(running));
  await ended.promise;
  dispose();
  await running.close();
  return exitCodes.done;
}

function certificate(cert: string | undefined, key: string | undefined): EmulatorOptions["tls"] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw new UsageError("--tls-cert and --tls-key go together");
  return { cert: pem(cert), key: pem(key) };
}

function pem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new OrchSyncError(`${file} could not be read: ${why}`);
  }
}

function announcement({ url, token }: Emulator): string {
  return `${JSON.stringify({ url, token, pid })}\n`;
}

function welcome({ url, token, edition }: Emulator): string {
  return `The embedded Orchestrator (${edition}) listens on ${url}

  export ORCH_SYNC_URL=${url}
  export ORCH_SYNC_TOKEN=${token}

Ctrl-C ends it.
`;
}
