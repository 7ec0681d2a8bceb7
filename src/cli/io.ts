import type { Clock } from "../core/clock.ts";
import { systemClock } from "../workflow/system-clock.ts";
import { exitCodes } from "./exit-codes.ts";

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
  /** Why stdout could not be written, if it could not. */
  outputFailure(): Error | undefined;
}

/** The real process as `Io`. Until somebody listens, a signal ends it at once: nothing has been written yet. */
export function processIo(process: NodeJS.Process): Io {
  const listeners: ((signal: "SIGINT" | "SIGTERM") => void)[] = [];
  const failures: Error[] = [];
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const listener = listeners.at(-1);
      if (listener === undefined) process.exit(exitCodes.interrupted);
      else listener(signal);
    });
  }
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: output(process.stdout, (error) => failures.push(error)),
    stderr: output(process.stderr, () => undefined), // there is nowhere left to say it
    clock: systemClock,
    hasTerminal: process.stdin.isTTY && process.stderr.isTTY,
    schedule(ms, callback) {
      const timer = setTimeout(callback, ms).unref();
      return () => clearTimeout(timer);
    },
    readStdin: async () => (await import("node:stream/consumers")).buffer(process.stdin),
    confirm: (question, signal) => confirm(process, question, signal),
    onSignal(listener) {
      listeners.push(listener);
      return () => void listeners.splice(listeners.indexOf(listener), 1);
    },
    outputFailure: () => failures[0],
  };
}

/** A stream that fails must not end the run: writes may be on their way, and their report is still owed. */
function output(stream: NodeJS.WriteStream, onFailure: (error: Error) => void): Output {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A closed pipe (`| head`) is the reader's choice, not an error of ours.
    if (error.code !== "EPIPE") onFailure(error);
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
  const { createInterface } = await import("node:readline/promises");
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // In raw mode Ctrl-C reaches readline instead of the process.
  prompt.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  // Ctrl-D, or an input that ends, closes the prompt and leaves the question without an answer.
  const closed = new Promise<string>((resolve) => prompt.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([prompt.question(question, { signal }), closed]);
    return answer.trim().toLowerCase() === "yes";
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return false;
    throw error;
  } finally {
    prompt.close();
  }
}
