import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoggedRequest } from "../../src/emulator/index.ts";
import { measure, type Sample } from "./measure.ts";
import { folder, type Orchestrator } from "./orchestrator.ts";
import type { Side } from "./scenario.ts";

const bin = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));
const reports = fileURLToPath(new URL("../../reports", import.meta.url));
/** `--profile`: each run of the command leaves a CPU profile. */
const profile = process.argv.includes("--profile") ? ["--cpu-prof", `--cpu-prof-dir=${reports}`] : [];

export const bareClient = "bare client";

/** The file of a rival. */
export function rival(name: string): string {
  return fileURLToPath(new URL(`rivals/${name}`, import.meta.url));
}

/** A whole run of the built command. */
export async function orchSync(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Sample> {
  return measure({ args: [...profile, bin, ...args], cwd, env });
}

/** What the bare client does: see rivals/bare-client.mjs. */
export interface BareWork {
  readonly source?: string | undefined;
  readonly calls: readonly Pick<LoggedRequest, "method" | "path" | "query" | "body">[];
  readonly add?: { readonly queue: string; readonly batch: number };
  readonly parallelism?: number;
}

/** The bare client: the same source read by the same parser, the same calls, so many at a time. */
export async function bare(server: Orchestrator, cwd: string, work: BareWork): Promise<Sample> {
  const { parallelism = 1, calls } = work;
  const file = join(cwd, "work.json");
  const sent = calls.map(({ method, path, query, body }) => ({
    method,
    path: query === "" ? path : `${path}?${query}`,
    body,
  }));
  writeFileSync(file, JSON.stringify({ ...work, parallelism, folder, calls: sent }));
  return measure({ args: [rival("bare-client.mjs"), file], cwd, env: server.environment });
}

/** A run against an Orchestrator, and what it has called there: the bare client sends the same. */
export interface Recorded extends Sample {
  readonly calls: number;
  /** The last ten thousand of them. */
  readonly log: readonly LoggedRequest[];
}

export async function recorded(server: Orchestrator, args: readonly string[], cwd: string): Promise<Recorded> {
  const before = (await server.requests()).at(-1)?.seq ?? 0;
  const sample = await orchSync(args, cwd, server.environment);
  const log = (await server.requests()).filter(({ seq }) => seq > before);
  return { ...sample, calls: (log.at(-1)?.seq ?? before) - before, log };
}

/** Orch-sync and the bare client, which repeats the calls of the round, both against one Orchestrator: reads alone. */
export function readingSides(
  server: Orchestrator,
  cwd: string,
  run: () => Promise<Recorded>,
  source?: string,
): readonly Side[] {
  let calls: readonly LoggedRequest[] = [];
  return [
    {
      name: "orch-sync",
      run: async () => {
        const { log, ...sample } = await run();
        calls = log;
        return sample;
      },
    },
    { name: bareClient, run: async () => ({ ...(await bare(server, cwd, { source, calls })), calls: calls.length }) },
  ];
}
