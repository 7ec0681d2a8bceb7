import { fold } from "../../core/fold.ts";
import { memorySpool, type MakeSpool } from "../../core/list.ts";
import { TextIndex } from "../../core/text-index.ts";

/**
 * References that manifests want to know about, each once, and each with a number. Can be gone through again and again;
 * a million of them are in a file.
 */
export interface WantedReferences extends Iterable<string> {
  readonly size: number;
  /** By the server's rule: case, trailing blanks and Unicode form do not matter. */
  numberOf(reference: string): number | undefined;
}

/** The references of lists; those that the server takes for the same are one, as the first spells it. */
export function wantedReferences(
  lists: Iterable<Iterable<string>>,
  makeSpool: MakeSpool = memorySpool,
): WantedReferences & Disposable {
  const index = new TextIndex();
  const spellings = makeSpool<string>();
  for (const list of lists) {
    for (const reference of list) {
      const { size } = index;
      if (index.add(fold(reference)) === size) spellings.push(reference);
    }
  }
  return {
    size: index.size,
    numberOf: (reference) => index.numberOf(fold(reference)),
    [Symbol.iterator]: () => spellings[Symbol.iterator](),
    [Symbol.dispose]: () => spellings[Symbol.dispose](),
  };
}
