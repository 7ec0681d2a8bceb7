/** How large a document may become where it goes. */
export interface Limit {
  readonly most: number;
  readonly sizeOf: (text: string) => number;
  /** How much a UTF-16 unit takes at most. */
  readonly widest: number;
}

/**
 * GitHub refuses a comment with "Body is too long (maximum is 65536 characters)". What it counts was measured to be
 * code points for the text of a pull request and 262,144 bytes of UTF-8 for a comment. A text of 65,536 UTF-16 units
 * is within both: it has no more code points, and a unit takes at most three bytes. GitLab (1,000,000 characters) and
 * Azure DevOps (150,000) take more.
 */
export const commentLimit: Limit = { most: 65_536, sizeOf: (text) => text.length, widest: 1 };

/** So many bytes of UTF-8, as files have it. */
export function byteLimit(most: number): Limit {
  return { most, sizeOf: (text) => Buffer.byteLength(text), widest: 3 };
}
