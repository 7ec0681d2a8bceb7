import { fold } from "../../core/fold.ts";

/**
 * References that manifests want to know about, each once. Can be gone through again and again, so that a set too large
 * for memory can be an index over a file.
 */
export interface WantedReferences extends Iterable<string> {
  readonly size: number;
  /** By the server's rule: case, trailing blanks and Unicode form do not matter. */
  has(reference: string): boolean;
}

/** The references of a list; those that the server takes for the same are one. */
export function wantedReferences(lists: Iterable<Iterable<string>>): WantedReferences {
  const spellings = new Map<string, string>();
  for (const list of lists) {
    for (const reference of list) {
      const folded = fold(reference);
      if (!spellings.has(folded)) spellings.set(folded, reference);
    }
  }
  return {
    size: spellings.size,
    has: (reference) => spellings.has(fold(reference)),
    [Symbol.iterator]: () => spellings.values(),
  };
}
