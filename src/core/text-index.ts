import { hash } from "node:crypto";
import { Numbers } from "./numbers.ts";

/** Numbers that are kept of a text. */
const width = 4;
/** Slots for each text, at least: chains stay short. */
const sparseness = 1.5;

/**
 * Texts, each with a number from 0 in the order in which they came, in 22 to 36 bytes each: a million of them take 30
 * MB. Kept are the first 128 bits of a text's SHA-256; equal digests are taken for equal texts. That is safe: among a
 * million texts two different ones share 128 bits with a probability of 1 in 10^27, and nobody knows how to make such a
 * pair.
 */
export class TextIndex {
  readonly #digests = new Numbers();
  /** Number + 1 of each text by its digest, with linear probing; 0 is free. */
  #slots = new Uint32Array(1 << 9);
  readonly #digest = new Uint32Array(width);
  size = 0;

  /** The text's number: that of the same text, or a new one, which is the size before. */
  add(text: string): number {
    this.#setDigest(text);
    const slot = this.#find();
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return known - 1;
    for (const word of this.#digest) this.#digests.push(word);
    this.#slots[slot] = ++this.size;
    if (this.size * sparseness > this.#slots.length) this.#spread();
    return this.size - 1;
  }

  numberOf(text: string): number | undefined {
    if (this.size === 0) return undefined;
    this.#setDigest(text);
    const known = this.#slots[this.#find()] ?? 0;
    return known === 0 ? undefined : known - 1;
  }

  #setDigest(text: string): void {
    const bytes = hash("sha256", text, "binary");
    for (let word = 0; word < width; word++) {
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
    const [digests, digest] = [this.#digests, this.#digest];
    for (let slot = (digest[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0) return slot;
      const at = (known - 1) * width;
      if (digests.at(at) !== digest[0] || digests.at(at + 1) !== digest[1]) continue;
      if (digests.at(at + 2) === digest[2] && digests.at(at + 3) === digest[3]) return slot;
    }
  }

  #spread(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = this.#digests.at(index * width) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
  }
}
