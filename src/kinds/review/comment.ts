/** A comment that hangs on an item. */
export interface LiveComment {
  readonly id: number;
  readonly text: string;
}

/**
 * The comments that say this. The server keeps what it is sent; whoever wrote the same text by hand need not have ended
 * it alike.
 */
export function saying(text: string, comments: readonly LiveComment[] = []): readonly LiveComment[] {
  return comments.filter((each) => each.text.trim() === text.trim());
}

/** `the comment hangs there 2 times: comments 12, 13`; undefined where it hangs there once, or not at all. */
export function doubledText(comments: readonly LiveComment[]): string | undefined {
  if (comments.length < 2) return undefined;
  const ids = comments.map(({ id }) => id).toSorted((a, b) => a - b);
  return `the comment hangs there ${ids.length} times: comments ${ids.join(", ")}`;
}
