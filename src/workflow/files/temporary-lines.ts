import { Numbers } from "../../core/numbers.ts";
import { chunk, type TemporaryFile } from "./temporary-file.ts";

/** Lines of text in a temporary file. Each can be read by its number. */
export class TemporaryLines implements Disposable {
  readonly #file: TemporaryFile;
  /** Where each line ends. */
  readonly #ends = new Numbers("wide");
  readonly #window: Window;

  constructor(file: TemporaryFile) {
    this.#file = file;
    this.#window = new Window(file);
  }

  get length(): number {
    return this.#ends.length;
  }

  /** Gives how many bytes it takes. @throws OrchSyncError when the disk is full. */
  push(line: string): number {
    const from = this.#file.length;
    this.#file.push(line);
    this.#ends.push(this.#file.length);
    return this.#file.length - from;
  }

  /** @throws RangeError for a number that no line has. */
  at(index: number): string {
    if (index < 0 || index >= this.length) throw new RangeError(`there is no line ${index} among ${this.length}`);
    return this.#read(this.#window, index);
  }

  /** The bytes of some lines, of many at once and each time in the same memory. `to` is the first one behind them. */
  chunks(from: number, to: number): Generator<Uint8Array, void, undefined> {
    return this.#file.chunks(this.#begin(from), this.#begin(to));
  }

  *[Symbol.iterator](): Generator<string, void, undefined> {
    const window = new Window(this.#file);
    const { length } = this;
    for (let index = 0; index < length; index++) yield this.#read(window, index);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #read(window: Window, index: number): string {
    return window.text(this.#begin(index), this.#ends.at(index));
  }

  #begin(index: number): number {
    return index === 0 ? 0 : this.#ends.at(index - 1);
  }
}

/** A part of the file in memory. Whoever reads on finds more of it, whoever jumps reads no more than he asks for. */
class Window {
  readonly #file: TemporaryFile;
  #bytes = Buffer.alloc(0);
  #from = 0;
  #end = 0;

  constructor(file: TemporaryFile) {
    this.#file = file;
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
    const got = this.#file.read(this.#bytes.subarray(0, size), from);
    this.#from = from;
    this.#end = from + got;
  }
}
