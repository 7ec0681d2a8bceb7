import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OrchSyncError } from "../../core/errors.ts";
import { Numbers } from "../../core/numbers.ts";

/** What is written, or read ahead, at once. */
const chunk = 1 << 18;
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
 * Lines of text in a file that nobody else can find: it loses its name as soon as it is open, so that the system frees
 * it with the process, however that ends. Each line can be read by its number.
 */
export class TemporaryLines implements Disposable {
  readonly #folder: string;
  readonly #file: OpenFile;
  /** Where each line ends. */
  readonly #ends = new Numbers("wide");
  /** What is not in the file yet. */
  readonly #buffer = Buffer.allocUnsafe(chunk);
  #buffered = 0;
  #written = 0;
  readonly #window: Window;

  /** @throws OrchSyncError when nothing can be written there. */
  constructor(folder: string = tmpdir()) {
    this.#folder = folder;
    this.#file = this.#attempt("made", () => openNameless(folder));
    forgotten.register(this, this.#file, this);
    this.#window = this.#newWindow();
  }

  get length(): number {
    return this.#ends.length;
  }

  /** Gives how many bytes it takes. @throws OrchSyncError when the disk is full. */
  push(line: string): number {
    const from = this.#written + this.#buffered;
    if (line.length * 3 > chunk - this.#buffered) this.#flush(); // no UTF-16 unit takes more than three bytes
    if (line.length * 3 > chunk) this.#write(Buffer.from(line));
    else this.#buffered += this.#buffer.write(line, this.#buffered);
    const end = this.#written + this.#buffered;
    this.#ends.push(end);
    return end - from;
  }

  /** @throws RangeError for a number that no line has. */
  at(index: number): string {
    if (index < 0 || index >= this.length) throw new RangeError(`there is no line ${index} among ${this.length}`);
    return this.#read(this.#window, index);
  }

  *[Symbol.iterator](): Generator<string, void, undefined> {
    const window = this.#newWindow();
    const { length } = this;
    for (let index = 0; index < length; index++) yield this.#read(window, index);
  }

  [Symbol.dispose](): void {
    if (forgotten.unregister(this)) close(this.#file);
  }

  #read(window: Window, index: number): string {
    const end = this.#ends.at(index);
    if (end > this.#written) this.#flush();
    return window.text(index === 0 ? 0 : this.#ends.at(index - 1), end);
  }

  #newWindow(): Window {
    return new Window((bytes, from) =>
      this.#attempt("read", () => readSync(this.#file.descriptor, bytes, 0, bytes.length, from)),
    );
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

/** A part of the file in memory. Whoever reads on finds more of it, whoever jumps reads no more than he asks for. */
class Window {
  readonly #fill: (bytes: Uint8Array, from: number) => number;
  #bytes = Buffer.alloc(0);
  #from = 0;
  #end = 0;

  constructor(fill: (bytes: Uint8Array, from: number) => number) {
    this.#fill = fill;
  }

  text(from: number, end: number): string {
    if (from < this.#from || end > this.#end) this.#load(from, end);
    return this.#bytes.toString("utf8", from - this.#from, end - this.#from);
  }

  #load(from: number, end: number): void {
    const readsOn = from >= this.#from && from - this.#end < chunk;
    const wanted = end - from;
    const size = readsOn ? Math.max(wanted, chunk) : wanted;
    if (this.#bytes.length < size) this.#bytes = Buffer.allocUnsafe(size);
    let got = 0;
    while (got < wanted) {
      const read = this.#fill(this.#bytes.subarray(got, size), from + got);
      if (read === 0) throw new OrchSyncError("a temporary file is shorter than what was written to it");
      got += read;
    }
    this.#from = from;
    this.#end = from + got;
  }
}
