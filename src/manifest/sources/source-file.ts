import { isUtf8 } from "node:buffer";
import { readSync, type Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { SourceFault } from "./fault.ts";

/** Bytes of a file, and the offset of the first of them. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly from: number;
}

/** A row longer than this is refused rather than read. */
export const longestRow: number = 5 * 1024 * 1024;

/** What a chunk becomes counts several times over in memory. */
const defaultChunkBytes = 16 * 1024;
/** What is read at once: each time takes longer than to go through a chunk. */
const readBytes = 256 * 1024;
const [lf, cr] = [10, 13];
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** An open data file: read once as a stream, and again in the few places that a message is about. */
export class SourceFile {
  /** As messages name it. */
  readonly name: string;
  readonly #handle: FileHandle;
  readonly #before: Stats;
  readonly #chunkBytes: () => number;
  /** What was read last, and where it begins. */
  #read: Chunk = { bytes: Buffer.alloc(0), from: 0 };

  /** `chunkBytes` says how much to take next, at least 1: tests prove that it makes no difference. */
  constructor(name: string, handle: FileHandle, before: Stats, chunkBytes: () => number = () => defaultChunkBytes) {
    this.name = name;
    this.#handle = handle;
    this.#before = before;
    this.#chunkBytes = chunkBytes;
  }

  /**
   * The file from its beginning, without a byte order mark, in pieces of whole UTF-8 sequences.
   * @throws SourceFault where it is not UTF-8.
   */
  async *chunks(): AsyncGenerator<Chunk> {
    let rest: Buffer = Buffer.alloc(0);
    let from = 0;
    let isBeginning = true;
    for (;;) {
      const piece = await this.#next(from + rest.length);
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      const isEnd = piece.length === 0;
      if (isBeginning && bytes.length < byteOrderMark.length && !isEnd) {
        rest = bytes;
        continue;
      }
      const begin = isBeginning && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
      const end = isEnd ? bytes.length : wholeSequences(bytes);
      const whole = bytes.subarray(begin, end);
      if (!isUtf8(whole)) {
        const length = validLength(whole);
        if (length > 0) yield { bytes: whole.subarray(0, length), from: from + begin };
        throw this.#notUtf8(from + begin + length, whole);
      }
      if (whole.length > 0) yield { bytes: whole, from: from + begin };
      if (isEnd) return;
      isBeginning = false;
      rest = bytes.subarray(end);
      from += end;
    }
  }

  /** The text between two offsets; fewer bytes where the file has become shorter. */
  text(from: number, to: number): string {
    return this.#bytes(from, to).toString("utf8");
  }

  /** True when somebody wrote to the file since it was opened: what was read may be of two minds. */
  async hasChanged(): Promise<boolean> {
    const now = await this.#handle.stat();
    return now.size !== this.#before.size || now.mtimeMs !== this.#before.mtimeMs;
  }

  /** The next bytes; none at the end. */
  async #next(position: number): Promise<Buffer> {
    if (position < this.#read.from || position >= this.#read.from + this.#read.bytes.length) {
      const buffer = Buffer.allocUnsafe(readBytes);
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, position);
      this.#read = { bytes: buffer.subarray(0, bytesRead), from: position };
    }
    const at = position - this.#read.from;
    return this.#read.bytes.subarray(at, at + this.#chunkBytes());
  }

  /** Lines are counted only now: the file is read again up to the place. */
  #notUtf8(offset: number, bytes: Buffer): SourceFault {
    let [line, start, before] = [1, 0, 0];
    for (let from = 0; from < offset; from += defaultChunkBytes) {
      for (const [index, byte] of this.#bytes(from, Math.min(offset, from + defaultChunkBytes)).entries()) {
        if (byte === lf) [line, start] = [line + 1, from + index + 1];
        else if (before === cr) [line, start] = [line + 1, from + index];
        before = byte;
      }
    }
    if (before === cr) [line, start] = [line + 1, offset];
    const column = offset - start > longestRow ? 1 : this.text(start, offset).length + 1;
    const isUtf16 = offset === 0 && (bytes[0] === 0xff || bytes[0] === 0xfe);
    const hint = `save it as UTF-8${isUtf16 ? ", not as Unicode text (UTF-16)" : ' (in Excel: "CSV UTF-8")'}`;
    const row = { file: this.name, line, column, text: "" };
    return new SourceFault("QI010", `${this.name} is not UTF-8 text`, { row, hint });
  }

  #bytes(from: number, to: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, to - from));
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(this.#handle.fd, bytes, length, bytes.length - length, from + length);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  }
}

/** How much of some bytes is UTF-8: what is before the first byte that is wrong. */
function validLength(bytes: Buffer): number {
  let [valid, wrong] = [0, bytes.length];
  while (wrong - valid > 1) {
    const middle = Math.floor((valid + wrong) / 2);
    if (isUtf8(bytes.subarray(0, wholeSequences(bytes.subarray(0, middle))))) valid = middle;
    else wrong = middle;
  }
  return wholeSequences(bytes.subarray(0, valid));
}

/** The length without a sequence that the next bytes complete. */
function wholeSequences(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
