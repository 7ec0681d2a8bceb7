import { hash } from "node:crypto";
import { fold } from "../core/fold.ts";

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

/** Numbers that are kept of a reference: four of its digest, its spelling, its file, its line. */
const width = 7;
const [spelling, fileNumber, lineNumber] = [4, 5, 6];
const pageRows = 1 << 16;
/** Slots for each reference, at least: chains stay short. */
const sparseness = 1.5;

/**
 * Every reference of all manifests, in 28 bytes each, so that a million of them can be compared in 40 MB. Kept are the
 * first 128 bits of the SHA-256 of queue and folded reference; equal digests are taken for equal references. That is
 * safe: among a million references two different ones share 128 bits with a probability of 1 in 10^27, and nobody knows
 * how to make such a pair.
 */
export class ReferenceIndex {
  readonly #pages: Uint32Array[] = [];
  readonly #files: string[] = [];
  readonly #fileNumbers = new Map<string, number>();
  /** Row + 1 of each reference by its digest, with linear probing; 0 is free. */
  #slots = new Uint32Array(1 << 12);
  #count = 0;
  readonly #digest = new Uint32Array(4);

  /** Takes note of a reference, unless it is there already: then says where. */
  claim(queue: QueueIdentity, reference: string, file: string, line: number): FirstPlace | undefined {
    this.#setDigest(queue + fold(reference));
    const spelled = spellingOf(reference);
    const slot = this.#find();
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return this.#place(known - 1, spelled);
    const page = (this.#pages[Math.floor(this.#count / pageRows)] ??= new Uint32Array(pageRows * width));
    const at = (this.#count % pageRows) * width;
    page.set(this.#digest, at);
    page[at + spelling] = spelled;
    page[at + fileNumber] = this.#numberOf(file);
    page[at + lineNumber] = line;
    this.#slots[slot] = ++this.#count;
    if (this.#count * sparseness > this.#slots.length) this.#grow();
    return undefined;
  }

  #place(index: number, spelled: number): FirstPlace {
    const page = this.#pages[Math.floor(index / pageRows)];
    const at = (index % pageRows) * width;
    return {
      file: this.#files[page?.[at + fileNumber] ?? 0] ?? "",
      line: page?.[at + lineNumber] ?? 0,
      isSpelledAlike: page?.[at + spelling] === spelled,
    };
  }

  #setDigest(text: string): void {
    const bytes = hash("sha256", text, "binary");
    for (let word = 0; word < 4; word++) {
      const at = word * 4;
      this.#digest[word] =
        (bytes.charCodeAt(at) << 24) |
        (bytes.charCodeAt(at + 1) << 16) |
        (bytes.charCodeAt(at + 2) << 8) |
        bytes.charCodeAt(at + 3);
    }
  }

  /** The slot that holds the digest, or the free one where it belongs. */
  #find(): number {
    const mask = this.#slots.length - 1;
    const digest = this.#digest;
    for (let slot = (digest[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0) return slot;
      const page = this.#pages[Math.floor((known - 1) / pageRows)];
      const at = ((known - 1) % pageRows) * width;
      if (page === undefined || page[at] !== digest[0] || page[at + 1] !== digest[1]) continue;
      if (page[at + 2] === digest[2] && page[at + 3] === digest[3]) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.#count; index++) {
      const digest = this.#pages[Math.floor(index / pageRows)]?.[(index % pageRows) * width] ?? 0;
      let slot = digest & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
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
