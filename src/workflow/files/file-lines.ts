import { createReadStream } from "node:fs";
import { OrchSyncError, PlanRefusedError } from "../../core/errors.ts";

/** Bytes of one line at most: nothing that we write comes near it. */
const longest = 64 * 1024 * 1024;

/** One line of a file, as it is and as text. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** With its line feed, where it has one. */
  readonly bytes: Buffer;
  /** Without it. */
  readonly text: string;
}

/**
 * A file line by line; only one is held.
 * @throws OrchSyncError when the file cannot be read, PlanRefusedError for a line that is too long or no UTF-8.
 */
export async function* fileLines(path: string, name: string): AsyncGenerator<FileLine, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 0;
  const line = (bytes: Buffer): FileLine => {
    number++;
    const end = bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length;
    try {
      return { number, bytes, text: decoder.decode(bytes.subarray(0, end)) };
    } catch {
      throw new PlanRefusedError(`${name}:${number} is no UTF-8 text`, {
        hint: "it is no file of orch-sync, or was changed",
      });
    }
  };
  for await (const bytes of rawLines(path, name)) yield line(bytes);
}

async function* rawLines(path: string, name: string): AsyncGenerator<Buffer, void> {
  let rest: Buffer[] = [];
  let waiting = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, end + 1)]);
        rest = [];
        waiting = 0;
        from = end + 1;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
      waiting += chunk.length - from;
      if (waiting > longest)
        throw new PlanRefusedError(`${name} has a line of more than 64 MB: it is no file of orch-sync`);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) throw unreadable(name, String(error.code), error);
    throw error;
  }
  if (waiting > 0) yield Buffer.concat(rest);
}

/** A file that cannot be read. */
export function unreadable(name: string, code: string, cause: unknown): OrchSyncError {
  return new OrchSyncError(`${name} cannot be read: ${code}`, { cause });
}
