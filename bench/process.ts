import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A server in a process of its own. */
export interface Served {
  readonly url: string;
  readonly token: string;
  /** The most memory that it has held so far, in megabytes: VmHWM, where the system tells it. */
  peakMemory(): number | undefined;
  stop(): Promise<void>;
}

/** The emulator in a process of its own. */
export interface ServedEmulator extends Served {
  /** How many calls it has had, and how many items it holds. */
  ask(): Promise<{ readonly calls: number; readonly items: number }>;
}

/** Runs `server.ts` and waits until it listens. `execArgv` are options of Node, such as `--cpu-prof`. */
export async function serve(args: readonly string[], execArgv: readonly string[] = []): Promise<ServedEmulator> {
  const child = fork(new URL("server.ts", import.meta.url), args, { execArgv: [...execArgv] });
  const { url, token } = await announced(child);
  return {
    url,
    token,
    peakMemory: () => peakMemory(child.pid),
    ask: async () => {
      const answer = once(child, "message") as Promise<[{ readonly calls: number; readonly items: number }]>;
      child.send("ask");
      return (await answer)[0];
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const exit = new Promise((resolve) => child.once("exit", resolve));
      child.send("stop");
      await exit;
    },
  };
}

async function announced(child: ChildProcess): Promise<{ readonly url: string; readonly token: string }> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as { url: string; token: string }));
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}.`)));
  });
}

function peakMemory(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined; // not Linux
  }
}

const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));

/** One whole process, from its start to its end. */
export interface Run {
  readonly code: number | null;
  /** What it wrote to stdout. */
  readonly output: string;
  readonly seconds: number;
  /** Time of all its threads on a processor: what else the machine does hardly counts. */
  readonly cpu: number;
  /** VmHWM in megabytes, where the system tells it; the last look before the end. */
  readonly peak: number;
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: object;
  readonly execArgv?: string[];
}

/** Runs the built `orch-sync`. */
export async function orchSync(args: readonly string[], options: RunOptions): Promise<Run> {
  return runNode([bin, ...args], options);
}

/** Runs a script and looks at it every 10 ms. */
export async function runNode(args: readonly string[], { cwd, env = {}, execArgv = [] }: RunOptions): Promise<Run> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, [...execArgv, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let [output, peak, cpu] = ["", 0, 0];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const timer = setInterval(() => {
    peak = Math.max(peak, peakMemory(child.pid) ?? 0);
    cpu = Math.max(cpu, cpuOf(child.pid));
  }, 10);
  const [code] = (await once(child, "close")) as [number | null];
  clearInterval(timer);
  return { code, output, seconds: Number(process.hrtime.bigint() - start) / 1e9, cpu, peak };
}

/** User and system time; the kernel counts in hundredths of a second. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0; // not Linux, or just ended
  }
}
