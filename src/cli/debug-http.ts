import { resolve } from "node:path";
import { OrchSyncError, UsageError } from "../core/errors.ts";
import { cleanLine, harmlessJson } from "../core/text.ts";
import type { HttpLog } from "../orchestrator/index.ts";
import { PrivateFile } from "../workflow/files/private-file.ts";
import { version } from "../workflow/version.ts";
import type { Io } from "./io.ts";

/** What a command that calls a server may be told about the file of `--debug-http`. */
export interface DebugOptions {
  readonly debugHttp?: string;
  readonly report?: readonly string[];
}

/** The file of `--debug-http`, while it is written. */
export interface DebugFile extends Disposable {
  readonly log: HttpLog;
}

/**
 * Opens the file: before anything is sent, so that one that cannot be written ends the run by then. It stands under its
 * name at once and grows line by line: a run that hangs or is killed leaves what it has sent.
 * @throws OrchSyncError, UsageError
 */
export function openDebugFile({ debugHttp: name, report = [] }: DebugOptions, io: Io): DebugFile | undefined {
  if (name === undefined) return undefined;
  const path = resolve(io.cwd, name);
  if (report.some((each) => resolve(io.cwd, each) === path)) {
    throw new UsageError(`--debug-http and --report both write ${name}`);
  }
  const about = { type: "begin", at: io.clock.now().toISOString(), version, node: process.version };
  const file = orRefused(name, () => {
    const opened = new PrivateFile(path);
    opened.write(lineOf(about));
    opened.publish();
    return opened;
  });
  let writing = true;
  return {
    log: (line) => {
      writing &&= attempt(name, io, () => file.write(lineOf(line)));
    },
    [Symbol.dispose]: () => {
      attempt(name, io, () => file.finish());
      file[Symbol.dispose]();
    },
  };
}

function lineOf(value: object): string {
  return `${harmlessJson(JSON.stringify(value))}\n`;
}

function orRefused<T>(name: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new OrchSyncError(`--debug-http ${cleanLine(name)} cannot be written: ${code}; nothing was sent`, {
      hint: "its folder must exist and be writable, and no folder may have its name",
      cause: error,
    });
  }
}

/** A disk that is full later is said once: what is on its way matters more than what is written about it. */
function attempt(name: string, io: Io, write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    io.stderr.write(`warning: --debug-http ${cleanLine(name)} is not complete: ${code}\n`);
    return false;
  }
}
