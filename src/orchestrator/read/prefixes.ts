import { fold } from "../../core/fold.ts";

/** References that begin alike. */
export interface Part {
  /** As one of them spells it. Empty: they have nothing in common. */
  readonly prefix: string;
  /** How many there are. */
  readonly references: number;
  /** True: more than the one letter after the part that they come from is the same. */
  readonly isCluster: boolean;
}

/**
 * What all references begin with, as far as it is safe to ask for: every row that equals one of them by the server's
 * rule also begins with it. So it ends before the first letter that is not ASCII (it may be stored in another Unicode
 * form), before `[` (a database may take it for a pattern) and before trailing blanks (they do not count in a whole
 * reference).
 */
export function commonPrefix(references: Iterable<string>): string {
  const shared = new SharedPrefix();
  for (const reference of references) shared.add(reference, fold(reference));
  return shared.prefix;
}

/** The references under a prefix, parted by the letter that follows it, the largest part first. */
export function partsUnder(references: Iterable<string>, prefix: string): Part[] {
  const start = fold(prefix);
  const parts = new Map<string, SharedPrefix>();
  for (const reference of references) {
    const folded = fold(reference);
    if (!folded.startsWith(start)) continue;
    const letter = folded.charAt(start.length);
    const part = parts.get(letter) ?? new SharedPrefix();
    part.add(reference, folded);
    parts.set(letter, part);
  }
  return [...parts.values()]
    .map((part) => ({
      prefix: part.prefix,
      references: part.count,
      isCluster: part.prefix.length > start.length + 1,
    }))
    .filter((part) => part.prefix.length > start.length)
    .toSorted((a, b) => b.references - a.references);
}

/** True when the reference begins with the prefix, or any of them, by the rule by which prefixes are made here. */
export function isUnder(reference: string, prefixes: readonly string[]): boolean {
  if (prefixes.length === 0) return false;
  const folded = fold(reference);
  return prefixes.some((prefix) => folded.startsWith(fold(prefix)));
}

/** What texts share at their beginning, text by text: see `commonPrefix`. */
export class SharedPrefix {
  count = 0;
  #spelling = "";
  #folded: string | undefined;

  add(spelling: string, folded: string): void {
    this.count++;
    if (this.#folded === undefined) {
      this.#spelling = spelling;
      this.#folded = folded;
      return;
    }
    if (folded.startsWith(this.#folded)) return;
    let length = 0;
    while (length < this.#folded.length && folded[length] === this.#folded[length]) length++;
    this.#folded = folded.slice(0, length);
  }

  get prefix(): string {
    const safe = (/^[ -Z\\-~]*/.exec(this.#folded ?? "")?.[0] ?? "").trimEnd();
    const spelled = this.#spelling.slice(0, safe.length);
    return fold(spelled) === safe && /^[ -~]*$/.test(spelled) ? spelled : safe;
  }
}
