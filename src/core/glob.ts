import { fold } from "./fold.ts";

/**
 * True when the whole text matches: `*` stands for any characters, `?` for one, and everything else for itself as the
 * server compares names. In a path neither of them stands for a slash, and `**` for anything. Takes time in proportion
 * to the two lengths multiplied, whatever the pattern.
 */
export function globMatches(glob: string, text: string, options: { readonly path?: boolean } = {}): boolean {
  const pattern = tokens(Array.from(fold(glob)), options.path === true);
  // Bit n: what was read of the pattern so far matches the first n characters of the text.
  const characters = Array.from(fold(text));
  let reached = Array.from({ length: characters.length + 1 }, (_, index) => index === 0);
  for (const token of pattern) {
    const next = reached.map(() => false);
    for (let end = 0; end <= characters.length; end++) {
      const character = characters[end - 1];
      const stays = token.repeats && (reached[end] === true || (next[end - 1] === true && token.fits(character)));
      const moves = !token.repeats && reached[end - 1] === true && token.fits(character);
      next[end] = stays || moves;
    }
    reached = next;
  }
  return reached.at(-1) === true;
}

interface Token {
  /** True for any number of characters, none included; false for exactly one. */
  readonly repeats: boolean;
  readonly fits: (character: string | undefined) => boolean;
}

function tokens(pattern: readonly string[], path: boolean): Token[] {
  const inSegment = (character: string | undefined): boolean => !path || character !== "/";
  return pattern.flatMap((sign, index): Token[] => {
    if (sign === "?") return [{ repeats: false, fits: inSegment }];
    if (sign !== "*") return [{ repeats: false, fits: (character) => character === sign }];
    if (pattern[index - 1] === "*") return []; // its neighbour has spoken for it
    const crosses = pattern[index + 1] === "*";
    return [{ repeats: true, fits: crosses ? (): boolean => true : inSegment }];
  });
}
