import { isUtf8 } from "node:buffer";
import { closeSync, constants, createReadStream, openSync, readSync } from "node:fs";

/** Reading YAML takes 50 to 65 times its size in memory. */
const maxBytes: number = 5 * 1024 * 1024;

/** A text, or why there is none. */
export type ReadText =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "too-large" }
  /** `reason` in words that follow a name; `line` and `column` where it is a place in the file. */
  | { readonly type: "unreadable"; readonly reason: string; readonly line?: number; readonly column?: number };

/** The text of a file, of at most `maxBytes`. Reads pipes too, so that `<(command)` works in a shell. */
export async function readTextFile(path: string): Promise<ReadText> {
  const chunks: Buffer[] = [];
  try {
    // One byte more than allowed tells "too large" from "just fits" without reading on.
    for await (const chunk of createReadStream(path, { start: 0, end: maxBytes })) chunks.push(chunk as Buffer);
  } catch (error) {
    return { type: "unreadable", reason: describe(error) };
  }
  return decodeText(Buffer.concat(chunks));
}

/** As `readTextFile`, at once. A pipe may take its time while somebody has it open to write; else it is empty. */
export function readTextFileSync(path: string): ReadText {
  let file: number | undefined;
  try {
    // Without the flag, opening a pipe that nobody writes to would wait for ever. Windows has no such flag.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return decodeText(readUpTo(file, maxBytes + 1));
  } catch (error) {
    return { type: "unreadable", reason: describe(error) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readUpTo(file: number, most: number): Buffer {
  const chunks: Buffer[] = [];
  for (let length = 0; length < most;) {
    const chunk = Buffer.allocUnsafe(Math.min(64 * 1024, most - length));
    const read = readWhenThere(file, chunk);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  return Buffer.concat(chunks);
}

/** How long a pipe's writer may be silent, in steps of `pause` milliseconds: a vault may have to ask somebody first. */
const mostPauses = 6000;
const pause = 10;

/** How many bytes came; waits for them while a pipe has a writer. */
function readWhenThere(file: number, into: Buffer): number {
  for (let pauses = 0; ; pauses++) {
    try {
      return readSync(file, into);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN") || pauses === mostPauses) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

/** UTF-8 bytes as text, without a byte order mark. */
export function decodeText(bytes: Uint8Array): ReadText {
  if (bytes.length > maxBytes) return { type: "too-large" };
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) return { type: "unreadable", reason: "is UTF-16 text: save it as UTF-8" };
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    return { type: "unreadable", reason: "holds a NUL byte, which no text has", ...placeOf(bytes.subarray(0, nul)) };
  }
  try {
    return { type: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const valid = bytes.subarray(0, validLength(bytes));
    return { type: "unreadable", reason: "is not UTF-8 text: save it as UTF-8", ...placeOf(valid) };
  }
}

/** Where the next byte would stand. */
function placeOf(before: Uint8Array): { readonly line: number; readonly column: number } {
  const lines = new TextDecoder().decode(before).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** How many bytes are UTF-8 up to the first that is not: whole lines first, because no character spans two. */
function validLength(bytes: Uint8Array): number {
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(10, start);
    const line = bytes.subarray(start, end < 0 ? undefined : end);
    if (!isUtf8(line)) return start + Buffer.from(new TextDecoder().decode(line).split("\uFFFD", 1)[0] ?? "").length;
    if (end < 0) return bytes.length;
    start = end + 1;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "may not be read",
  EPERM: "may not be read",
  EISDIR: "is a folder",
  EAGAIN: "is a pipe to which nothing was written for a minute",
  ELOOP: "is a symbolic link to itself",
};

/** What a file system error means, in words that follow a path. */
export function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? `cannot be read (${code === "" ? String(error) : code})`;
}
