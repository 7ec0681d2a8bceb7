import { pid } from "node:process";
import type { EditionName, Emulator } from "../../emulator/index.ts";
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
}

/** Runs the embedded Orchestrator until SIGINT or SIGTERM. */
export async function emulator(_paths: readonly string[], options: EmulatorCommandOptions, io: Io): Promise<ExitCode> {
  const { json, ...rest } = options;
  const running = await startEmbedded(rest);
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
