import { createInterface } from "node:readline/promises";
import { buffer } from "node:stream/consumers";
import type { Clock } from "../core/clock.ts";
import { systemClock } from "../workflow/system-clock.ts";

/** Where text goes, and what is known of the other end. */
export interface Output {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Undefined where nobody knows. */
  readonly columns: number | undefined;
  /** The stream itself, for a view that redraws. */
  readonly stream: NodeJS.WriteStream;
}

/** All of the process that orch-sync touches. Nothing else reads a global. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Clock;
  readonly hasTerminal: boolean;
  /** Calls back once after `ms`, unless cancelled; never keeps the process alive. */
  schedule(ms: number, callback: () => void): () => void;
  readStdin(): Promise<Uint8Array>;
  /** Asks on stderr, so that stdout stays the result; only "yes" is yes. */
  confirm(question: string, signal: AbortSignal): Promise<boolean>;
  /** Calls back on SIGINT and SIGTERM until the disposer is called. */
  onSignal(listener: (signal: "SIGINT" | "SIGTERM") => void): () => void;
}

/** The real process as `Io`. */
export function processIo(process: NodeJS.Process): Io {
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    clock: systemClock,
    hasTerminal: process.stdin.isTTY && process.stderr.isTTY,
    schedule(ms, callback) {
      const timer = setTimeout(callback, ms).unref();
      return () => clearTimeout(timer);
    },
    readStdin: () => buffer(process.stdin),
    confirm: (question, signal) => confirm(process, question, signal),
    onSignal(listener) {
      const onInt = (): void => listener("SIGINT");
      const onTerm = (): void => listener("SIGTERM");
      process.on("SIGINT", onInt).on("SIGTERM", onTerm);
      return () => process.off("SIGINT", onInt).off("SIGTERM", onTerm);
    },
  };
}

function output(stream: NodeJS.WriteStream): Output {
  // A closed pipe (`| head`) is the reader's choice, not an error of ours.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    write: (chunk) => void stream.write(chunk),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns > 0 ? stream.columns : undefined;
    },
    stream,
  };
}

async function confirm(process: NodeJS.Process, question: string, signal: AbortSignal): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // In raw mode Ctrl-C reaches readline instead of the process.
  prompt.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const answer = await prompt.question(question, { signal });
    return answer.trim().toLowerCase() === "yes";
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    prompt.close();
  }
}
