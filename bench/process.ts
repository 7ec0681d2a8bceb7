import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** A server in a process of its own. */
export interface Served {
  readonly url: string;
  readonly token: string;
  /** The most memory that it has held so far, in megabytes: VmHWM, where the system tells it. */
  peakMemory(): number | undefined;
  stop(): Promise<void>;
}

/** Runs `server.ts` and waits until it listens. `execArgv` are options of Node, such as `--cpu-prof`. */
export async function serve(args: readonly string[], execArgv: readonly string[] = []): Promise<Served> {
  const child = fork(new URL("server.ts", import.meta.url), args, { execArgv: [...execArgv] });
  const { url, token } = await announced(child);
  return {
    url,
    token,
    peakMemory: () => peakMemory(child.pid),
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
