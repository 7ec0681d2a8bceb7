import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** One whole process, from its start to its end. */
export interface Sample {
  readonly seconds: number;
  /** VmHWM in megabytes, where the system tells it; the last look before the end. */
  readonly peak: number;
  readonly output: string;
}

export interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How often a process is looked at, in milliseconds. */
const lookEvery = 10;
/** What has not ended by then never will. */
const patience = 20 * 60 * 1000;

/** Runs this Node with the arguments given. @throws Error when it does not end with 0: no figure is made of a failure. */
export async function measure({ args, cwd, env = {} }: Command): Promise<Sample> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, [...args], { cwd, env: { ...process.env, ...env }, timeout: patience });
  let [output, errors, peak] = ["", "", 0];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = `${errors}${text}`.slice(-4000)));
  const timer = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), lookEvery);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  clearInterval(timer);
  if (code !== 0) {
    throw new Error(`${args.join(" ")} ended with ${code ?? signal}: ${errors}${output.slice(-2000)}`);
  }
  return { seconds, peak, output };
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // not Linux, or just ended
  }
}
