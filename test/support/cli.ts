import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { trafficFolder } from "./judge/exchange.ts";

const bin = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** Lets the emulators of embedded targets, which run in the command's process, be judged as well. */
const recording =
  trafficFolder === undefined
    ? { arguments: [], environment: {} }
    : {
        arguments: ["--import", new URL("judge/recorder.ts", import.meta.url).href],
        environment: { TRAFFIC_DIR: trafficFolder },
      };

/** Compiled once for all runs of the command: a fifth of the time of each. */
export const compileCache = { NODE_COMPILE_CACHE: join(root, "reports/compile-cache") };

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Sees the process as soon as it runs: to send signals. */
  readonly onStart?: (child: ChildProcess, output: () => string) => void;
}

/** Runs the built command with a clean environment, never through npx: that costs a second. */
export async function orchSync(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [...recording.arguments, bin, ...args], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env["PATH"] ?? "", ...compileCache, ...recording.environment, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdin.on("error", () => undefined); // it may end before it has read everything
  child.stdin.end(options.input ?? "");
  options.onStart?.(child, () => stdout + stderr);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, stdout, stderr };
}

/** A folder of its own for one test, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "orch-sync-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of an example, so that the example stays untouched. */
export function exampleCopy(name: string): string {
  const folder = temporaryFolder();
  cpSync(join(root, "examples", name), folder, { recursive: true, filter: (file) => !file.includes(".orch-sync") });
  return folder;
}
