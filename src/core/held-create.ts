import type { Change, EntryTrace, Precondition } from "./change.ts";
import type { Key } from "./resource.ts";
import type { SourceSpan } from "./source.ts";

type Create = Extract<Change, { readonly action: "create" }>;

/** Where the whole of a creation is. */
interface Kept {
  at(index: number): Change;
  readonly longest?: number | undefined;
}

/**
 * A creation that is in a file. What is asked of it again and again is in memory; what is sent once is read when somebody
 * asks for it: an apply holds all of its changes, and sends a thousand at a time.
 */
export class HeldCreate {
  readonly action = "create";
  readonly key: Key;
  readonly label: string;
  readonly summary: string;
  readonly precondition: Precondition;
  readonly source?: SourceSpan;
  readonly #kept: Kept;
  readonly #index: number;

  constructor({ key, label, summary, precondition, source }: Create, kept: Kept, index: number) {
    this.key = key;
    this.label = label;
    this.summary = summary;
    this.precondition = precondition;
    if (source !== undefined) this.source = source;
    this.#kept = kept;
    this.#index = index;
  }

  /** Bytes of the longest line that is kept with it; undefined where nobody knows. */
  get longestLine(): number | undefined {
    return this.#kept.longest;
  }

  get after(): unknown {
    return (this.#kept.at(this.#index) as Create).after;
  }

  get desired(): EntryTrace | undefined {
    return this.#kept.at(this.#index).desired;
  }
}
