import { fold } from "../core/fold.ts";
import { Numbers } from "../core/numbers.ts";
import { TextIndex } from "../core/text-index.ts";

/** Where a reference was first seen. */
export interface FirstPlace {
  readonly file: string;
  readonly line: number;
  /** False where it was spelled otherwise: the server takes both for one. */
  readonly isSpelledAlike: boolean;
}

/** A queue as the index knows it, see `queueIdentity`. */
export type QueueIdentity = string;

/** Equal for queues that the server takes for the same. */
export function queueIdentity(folder: string, queue: string): QueueIdentity {
  return JSON.stringify([fold(folder), fold(queue)]);
}

/** Numbers that are kept of a reference besides: its spelling, its file, its line. */
const width = 3;
const [spelling, fileNumber, lineNumber] = [0, 1, 2];

/** Every reference of all manifests and where it was first seen: a million of them take 50 MB. */
export class ReferenceIndex {
  readonly #references = new TextIndex();
  readonly #places = new Numbers();
  readonly #files: string[] = [];
  readonly #fileNumbers = new Map<string, number>();

  /** Takes note of a reference, unless it is there already: then says where. */
  claim(queue: QueueIdentity, reference: string, file: string, line: number): FirstPlace | undefined {
    const { size } = this.#references;
    const number = this.#references.add(queue + fold(reference));
    const spelled = spellingOf(reference);
    const at = number * width;
    if (number < size) return this.#place(at, spelled);
    this.#places.set(at + spelling, spelled);
    this.#places.set(at + fileNumber, this.#numberOf(file));
    this.#places.set(at + lineNumber, line);
    return undefined;
  }

  #place(at: number, spelled: number): FirstPlace {
    return {
      file: this.#files[this.#places.at(at + fileNumber)] ?? "",
      line: this.#places.at(at + lineNumber),
      isSpelledAlike: this.#places.at(at + spelling) === spelled,
    };
  }

  #numberOf(file: string): number {
    const known = this.#fileNumbers.get(file);
    if (known !== undefined) return known;
    this.#fileNumbers.set(file, this.#files.length);
    return this.#files.push(file) - 1;
  }
}

/** FNV-1a. Only a remark depends on it: two spellings of one reference with the same hash are called alike. */
function spellingOf(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
