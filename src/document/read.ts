import { createReadStream } from "node:fs";

/** Reading YAML takes 50 to 65 times its size in memory. */
const maxBytes: number = 5 * 1024 * 1024;

/** A text, or why there is none. */
export type ReadText =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "too-large" }
  | { readonly type: "unreadable"; readonly reason: string };

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

/** UTF-8 bytes as text, without a byte order mark. */
export function decodeText(bytes: Uint8Array): ReadText {
  if (bytes.length > maxBytes) return { type: "too-large" };
  try {
    return { type: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { type: "unreadable", reason: "is not UTF-8 text" };
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "may not be read",
  EPERM: "may not be read",
  EISDIR: "is a folder",
  ELOOP: "is a symbolic link to itself",
};

/** What a file system error means, in words that follow a path. */
export function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? `cannot be read (${code === "" ? String(error) : code})`;
}
