import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoggedRequest } from "../../src/emulator/index.ts";
import { measure, type Sample } from "./measure.ts";
import { folder, type Orchestrator } from "./orchestrator.ts";

const bin = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));
const replayer = fileURLToPath(new URL("rivals/replay.ts", import.meta.url));

export const bareClient = "bare client";

/** A whole run of the built command. */
export async function orchSync(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Sample> {
  return measure({ args: [bin, ...args], cwd, env });
}

/** The calls that an Orchestrator got since the one of that number. */
export async function callsSince(server: Orchestrator, seq: number): Promise<readonly LoggedRequest[]> {
  return (await server.requests()).filter((request) => request.seq > seq);
}

export async function lastCall(server: Orchestrator): Promise<number> {
  return (await server.requests()).at(-1)?.seq ?? 0;
}

/** The bare client: the same source read by the same parser, the same calls, so many at a time. */
export async function replay(
  calls: readonly LoggedRequest[],
  server: Orchestrator,
  options: { readonly cwd: string; readonly source?: string | undefined; readonly parallelism?: number },
): Promise<Sample> {
  const { cwd, source, parallelism = 1 } = options;
  const work = join(cwd, "replay.json");
  const sent = calls.map(({ method, path, query, body }) => ({
    method,
    path: query === "" ? path : `${path}?${query}`,
    body,
  }));
  writeFileSync(work, JSON.stringify({ source, parallelism, folder, calls: sent }));
  return measure({ args: [replayer, work], cwd, env: server.environment });
}
