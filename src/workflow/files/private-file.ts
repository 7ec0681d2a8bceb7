import { randomUUID } from "node:crypto";
import { closeSync, constants, fsyncSync, lstatSync, openSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Only we read and write it. */
const mode = 0o600;
/** Whatever stands at the path already, a link too, is not opened. */
const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/**
 * A file that only its owner may read. It is written beside its path, under a name of its own, and takes its place when
 * it is whole: a reader sees the old file or the new one, a link at the path is replaced and never followed. Whoever
 * opens it knows that it can be written, before there is anything to write. Unless it is finished or published it leaves no trace.
 */
export class PrivateFile implements Disposable {
  readonly path: string;
  readonly #beside: string;
  #descriptor: number | undefined;
  #isPublic = false;

  /** @throws NodeJS.ErrnoException when nothing can be written there. */
  constructor(path: string) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw directoryError(path);
    this.path = path;
    this.#beside = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
    this.#descriptor = openSync(this.#beside, flags, mode);
  }

  write(text: string): void {
    if (this.#descriptor === undefined) throw new Error(`${this.path} is closed`);
    writeFileSync(this.#descriptor, text);
  }

  /** It takes its place now, and is written on where it can be read: for what others follow while it grows. */
  publish(): void {
    if (this.#isPublic) return;
    renameSync(this.#beside, this.path);
    this.#isPublic = true;
  }

  /** Everything is on the disk, and under its name. @throws NodeJS.ErrnoException */
  finish(): void {
    if (this.#descriptor === undefined) return;
    fsyncSync(this.#descriptor);
    this.#close();
    try {
      this.publish();
    } catch (error) {
      unlinkSync(this.#beside);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (this.#descriptor === undefined) return;
    this.#close();
    if (!this.#isPublic) unlinkSync(this.#beside);
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function directoryError(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`EISDIR: illegal operation on a directory, open '${path}'`), { code: "EISDIR" });
}
