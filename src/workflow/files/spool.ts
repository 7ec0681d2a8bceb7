import { isRecord } from "../../core/json.ts";
import type { List, MakeSpool, Spelling, Spool, Written } from "../../core/list.ts";
import { Numbers } from "../../core/numbers.ts";
import { secretsIn, type JsonWithSecrets, type SecretValue } from "../../core/secret.ts";
import { SharedRoom, type Share } from "./shared-room.ts";
import { TemporaryFile } from "./temporary-file.ts";
import { TemporaryLines } from "./temporary-lines.ts";

export interface SpoolOptions {
  /** Values that stay in memory at most. @default `few` where they are spelled anyway, else any number */
  readonly held?: number;
  /** Where files go. @default os.tmpdir() */
  readonly folder?: string;
}

/** Bytes that values of one spool may take in memory: about 100,000 rows. What is smaller never touches the disk. */
const room = 24 << 20;
/** Bytes for all spools of a maker, so that many sets take no more than a few do; each may hold `few` values even so. */
const roomOfAll = 3 * room;
const few = 4096;
/** What a value takes besides its JSON. */
const overhead = 64;
/** One of so many values is measured, and stands for the others. */
const measured = 64;

/**
 * Makes spools whose values are in memory while they are few, and go to a temporary file, as JSON, when they are many.
 * Whoever is done with one may dispose of it; one that is forgotten is closed when memory is tidied up, and none
 * outlives the process.
 */
export function fileSpools({ held, folder }: SpoolOptions = {}): MakeSpool {
  const memory = new SharedRoom(roomOfAll);
  return <T>(spelling?: Spelling<T>) => {
    const most = held ?? (spelling === undefined ? Number.POSITIVE_INFINITY : few);
    return new FileSpool<T>(most, memory, () => new TemporaryFile(folder), spelling);
  };
}

/** For who has no wishes of his own. */
export const fileSpool: MakeSpool = fileSpools();

/** For what is read once, long before it is wanted: an apply holds little of it at a time. */
export const earlySpool: MakeSpool = fileSpools({ held: few });

class FileSpool<T> implements Spool<T> {
  readonly #most: number;
  readonly #open: () => TemporaryFile;
  /** All values, until there are too many. */
  #held: T[] = [];
  readonly #memory: SharedRoom;
  readonly #share: Share;
  /** Bytes that each of the next values takes. */
  #sizeOfNext = 0;
  #lines: TemporaryLines | undefined;
  #beside: TemporaryFile | undefined;
  readonly #secrets = new Interned();
  readonly #spelling: Spelling<T> | undefined;
  #longest = 0;
  /** The lines that are not spelled. */
  readonly #others = new Numbers();

  constructor(most: number, memory: SharedRoom, open: () => TemporaryFile, spelling?: Spelling<T>) {
    this.#most = most;
    this.#memory = memory;
    this.#share = memory.shareOf(this);
    this.#open = open;
    this.#spelling = spelling;
  }

  get longest(): number | undefined {
    return this.#beside === undefined || this.#others.length > 0 ? undefined : this.#longest;
  }

  get length(): number {
    return this.#lines?.length ?? this.#held.length;
  }

  push(value: T): void {
    if (this.#lines === undefined && this.#mayHold(value)) {
      this.#held.push(value);
      return;
    }
    this.#lines ??= this.#spilt();
    this.#write(value, this.#lines);
  }

  at(index: number): T {
    if (this.#lines !== undefined) return this.#value(this.#lines.at(index));
    if (index >= this.#held.length) throw new RangeError(`there is no value ${index} among ${this.#held.length}`);
    return this.#held[index] as T;
  }

  done(): List<T> {
    return this.#lines === undefined ? this.#held : this;
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    if (this.#lines === undefined) yield* this.#held;
    else for (const line of this.#lines) yield this.#value(line);
  }

  *spelled(): Generator<T | string, void, undefined> {
    if (this.#lines === undefined || this.#spelling === undefined) yield* this;
    else for (const line of this.#lines) yield line.startsWith(spelledMark) ? line : this.#value(line);
  }

  written(): Written<T> | undefined {
    const lines = this.#lines;
    const beside = this.#beside;
    return lines === undefined || beside === undefined
      ? undefined
      : { texts: this.#texts(lines), beside: beside.chunks(0, beside.length) };
  }

  [Symbol.dispose](): void {
    this.#lines?.[Symbol.dispose]();
    this.#beside?.[Symbol.dispose]();
    this.#memory.giveBack(this.#share);
  }

  #mayHold(value: T): boolean {
    const { length } = this.#held;
    if (length % measured === 0) this.#sizeOfNext = JSON.stringify(value).length + overhead;
    this.#memory.take(this.#share, this.#sizeOfNext);
    return length < this.#most && this.#share.size <= room && (length < few || !this.#memory.isFull);
  }

  *#texts(lines: TemporaryLines): Generator<T | Uint8Array, void, undefined> {
    let from = 0;
    for (let nth = 0; nth < this.#others.length; nth++) {
      const other = this.#others.at(nth);
      yield* lines.chunks(from, other);
      yield this.#value(lines.at(other));
      from = other + 1;
    }
    yield* lines.chunks(from, lines.length);
  }

  #spilt(): TemporaryLines {
    const lines = new TemporaryLines(this.#open());
    if (this.#spelling !== undefined) this.#beside = this.#open();
    for (const value of this.#held) this.#write(value, lines);
    this.#held = [];
    this.#memory.giveBack(this.#share);
    return lines;
  }

  #write(value: T, lines: TemporaryLines): void {
    const spelled = this.#spelling?.spell(value);
    if (spelled !== undefined) this.#beside?.push(spelled.beside);
    if (spelled !== undefined && spelled.text === undefined) this.#others.push(lines.length);
    this.#longest = Math.max(this.#longest, lines.push(spelled?.text ?? this.#text(value)));
  }

  #text(value: T): string {
    const json = JSON.stringify(value);
    const text = this.#spelling === undefined ? json : plainMark + json;
    return json.includes(secretName) ? this.#secrets.text(value as JsonWithSecrets, text) : text;
  }

  #value(line: string): T {
    if (line.startsWith(mark)) return this.#secrets.value(line.slice(mark.length)) as T;
    if (this.#spelling === undefined) return JSON.parse(line) as T;
    return line.startsWith(spelledMark) ? this.#spelling.value(line) : (JSON.parse(line.slice(plainMark.length)) as T);
  }
}

/** What JSON text of a secret holds, and hardly anything else: it is looked for secrets only then. */
const secretName = '"$secret"';
/** Begins a line that secrets belong into: no JSON text does. */
const mark = "!";
/** Begins a text that a spelling has made. */
const spelledMark = "{";
/** Begins JSON where there is a spelling that did not do. */
const plainMark = "=";

/** A text without its secrets: each has its number and its place, `[[3, ["after", "content", "Token"]]]`. */
type Concealed = readonly [places: readonly (readonly [number, readonly (string | number)[]])[], value: unknown];

/** Secrets stay in memory, each once: in a file there are their numbers. What JSON makes of one is its name. */
class Interned {
  readonly #secrets: SecretValue[] = [];
  readonly #numbers = new Map<SecretValue, number>();

  text(value: JsonWithSecrets, text: string): string {
    const found = secretsIn(value);
    if (found.length === 0) return text;
    const concealed: Concealed = [found.map(({ path, secret }) => [this.#numberOf(secret), path]), value];
    return mark + JSON.stringify(concealed);
  }

  value(text: string): unknown {
    const concealed = JSON.parse(text) as Concealed;
    const [places] = concealed;
    // The list itself is the holder of a value that is nothing but a secret.
    for (const [number, path] of places) put(concealed, [1, ...path], this.#secrets[number]);
    return concealed[1];
  }

  #numberOf(secret: SecretValue): number {
    const known = this.#numbers.get(secret);
    if (known !== undefined) return known;
    this.#numbers.set(secret, this.#secrets.length);
    return this.#secrets.push(secret) - 1;
  }
}

function put(value: unknown, path: readonly (string | number)[], secret: SecretValue | undefined): void {
  const holder = path.slice(0, -1).reduce<unknown>((found, step) => memberOf(found, step), value);
  const last = path.at(-1) ?? "";
  if (Array.isArray(holder)) holder[Number(last)] = secret;
  else if (isRecord(holder)) holder[last] = secret;
}

function memberOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isRecord(value) ? value[step] : undefined;
}
