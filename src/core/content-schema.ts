import type { JsonObject } from "./json.ts";
import type { Path } from "./locate.ts";

/** What the JSON schema of a queue has against one value of an item's content. Never quotes the value. */
export interface ContentProblem {
  /** From the content's root: `["Email"]`; empty for the content as a whole. */
  readonly path: Path;
  /** What stands after the path: `is required by the queue's schema`. */
  readonly message: string;
  /** `did you mean "Email"?` */
  readonly hint?: string;
}

/** A schema that cannot be used here; the server alone judges then. */
export interface Unusable {
  /** Why, in the compiler's words: foreign text. */
  readonly unusable: string;
}

/** Holds content against one schema. Empty: nothing is wrong with it. */
export type ContentCheck = (content: JsonObject) => readonly ContentProblem[] | Unusable;

/** Makes a check of the text of a JSON schema. Never throws: the text is foreign. */
export type CompileContentSchema = (schema: string) => ContentCheck | Unusable;

export function isUnusable(result: readonly ContentProblem[] | ContentCheck | Unusable): result is Unusable {
  return "unusable" in result;
}
