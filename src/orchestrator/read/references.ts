import { fold } from "../../core/fold.ts";
import type { List } from "../../core/list.ts";
import { TextIndex } from "../../core/text-index.ts";
import { SharedPrefix } from "./prefixes.ts";

/** References that manifests want to know about, each once, and each with a number. Can be gone through again and again. */
export interface WantedReferences extends Iterable<string> {
  readonly size: number;
  /** What all of them begin with: see `commonPrefix`. */
  readonly prefix: string;
  /** By the server's rule: case, trailing blanks and Unicode form do not matter. */
  numberOf(reference: string): number | undefined;
}

/**
 * The references of lists, which are gone through again and again; those that the server takes for the same are one, as
 * the first spells it.
 */
export function wantedReferences(lists: readonly Iterable<string>[]): WantedReferences {
  const index = new TextIndex();
  const shared = new SharedPrefix();
  for (const reference of together(lists)) {
    const folded = fold(reference);
    index.add(folded);
    shared.add(reference, folded);
  }
  const { count: length, prefix } = shared;
  const numberOf = (reference: string): number | undefined => index.numberOf(fold(reference));
  return {
    size: index.size,
    prefix,
    numberOf,
    [Symbol.iterator]: () => (index.size < length ? firstOfEach(lists, numberOf) : together(lists)),
  };
}

/**
 * The same of one list in which each reference stands once, as all lists of one manifest do: numbers are given when the
 * first is asked for, and a queue without rows never asks.
 */
export function distinctReferences(list: List<string>): WantedReferences {
  const shared = new SharedPrefix();
  for (const reference of list) shared.add(reference, fold(reference));
  let index: WantedReferences | undefined;
  return {
    size: list.length,
    prefix: shared.prefix,
    numberOf: (reference) => (index ??= wantedReferences([list])).numberOf(reference),
    [Symbol.iterator]: () => list[Symbol.iterator](),
  };
}

function* together(lists: readonly Iterable<string>[]): Generator<string, void, undefined> {
  for (const list of lists) yield* list;
}

/** Numbers were given in the order in which references came first. */
function* firstOfEach(
  lists: readonly Iterable<string>[],
  numberOf: WantedReferences["numberOf"],
): Generator<string, void, undefined> {
  let next = 0;
  for (const reference of together(lists)) {
    if (numberOf(reference) !== next) continue;
    yield reference;
    next++;
  }
}
