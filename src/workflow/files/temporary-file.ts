import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OrchSyncError } from "../../core/errors.ts";

/** Bytes that are written, or read ahead, at once. */
export const chunk: number = 1 << 18;
/** Only we read and write it; whatever stands at the path already, a link too, is not opened. */
const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
const mode = 0o600;

/** Files that this system does not let go of while they are open: removed at the end, or when they are closed. */
const left = new Set<string>();

/** Closes the files of those that nobody has any more, and that nobody has disposed of. */
const forgotten = new FinalizationRegistry<OpenFile>((file) => close(file));

interface OpenFile {
  readonly descriptor: number;
  readonly path: string;
}

/**
 * Text in a file that nobody else can find: it loses its name as soon as it is open, so that the system frees it with
 * the process, however that ends. It grows at its end, and is read anywhere.
 */
export class TemporaryFile implements Disposable {
  readonly #folder: string;
  readonly #file: OpenFile;
  /** What is not in the file yet. */
  readonly #buffer = Buffer.allocUnsafe(chunk);
  #buffered = 0;
  #written = 0;

  /** @throws OrchSyncError when nothing can be written there. */
  constructor(folder: string = tmpdir()) {
    this.#folder = folder;
    this.#file = this.#attempt("made", () => openNameless(folder));
    forgotten.register(this, this.#file, this);
  }

  /** In bytes. */
  get length(): number {
    return this.#written + this.#buffered;
  }

  /** @throws OrchSyncError when the disk is full. */
  push(text: string): void {
    if (text.length * 3 > chunk - this.#buffered) this.#flush(); // no UTF-16 unit takes more than three bytes
    if (text.length * 3 > chunk) this.#write(Buffer.from(text));
    else this.#buffered += this.#buffer.write(text, this.#buffered);
  }

  /** Fills the bytes with those from an offset, as far as there are any; gives how many. */
  read(bytes: Uint8Array, from: number): number {
    if (from + bytes.length > this.#written) this.#flush();
    let got = 0;
    while (got < bytes.length && from + got < this.#written) {
      const at = got;
      const read = this.#attempt("read", () =>
        readSync(this.#file.descriptor, bytes, at, bytes.length - at, from + at),
      );
      if (read === 0) throw new OrchSyncError("a temporary file is shorter than what was written to it");
      got += read;
    }
    return got;
  }

  /** The bytes between two offsets, each time in the same memory. */
  *chunks(from: number, to: number): Generator<Uint8Array, void, undefined> {
    const bytes = Buffer.allocUnsafe(Math.min(chunk, to - from));
    for (let at = from; at < to;) {
      const got = this.read(bytes.subarray(0, to - at), at);
      yield bytes.subarray(0, got);
      at += got;
    }
  }

  [Symbol.dispose](): void {
    if (forgotten.unregister(this)) close(this.#file);
  }

  #flush(): void {
    this.#write(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  #write(bytes: Uint8Array): void {
    for (let sent = 0; sent < bytes.length;) {
      const from = sent;
      sent += this.#attempt("written", () =>
        writeSync(this.#file.descriptor, bytes, from, bytes.length - from, this.#written + from),
      );
    }
    this.#written += bytes.length;
  }

  #attempt<T>(what: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error)) throw error;
      throw new OrchSyncError(`a temporary file in ${this.#folder} cannot be ${what}: ${String(error.code)}`, {
        hint: "large sets are kept there while they are planned: make room, or name another folder in TMPDIR",
        cause: error,
      });
    }
  }
}

function openNameless(folder: string): OpenFile {
  const path = join(folder, `orch-sync-${randomUUID()}.tmp`);
  const descriptor = openSync(path, flags, mode);
  try {
    unlinkSync(path);
  } catch {
    if (left.size === 0) process.once("exit", removeLeft);
    left.add(path);
  }
  return { descriptor, path };
}

function close({ descriptor, path }: OpenFile): void {
  closeSync(descriptor);
  if (left.delete(path)) remove(path);
}

function removeLeft(): void {
  for (const path of left) remove(path);
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // somebody else has removed it
  }
}
