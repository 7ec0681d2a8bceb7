import type { ActionReason, Change, EntryTrace, Precondition } from "./change.ts";
import type { Key } from "./resource.ts";
import type { SourceSpan } from "./source.ts";

type Create = Extract<Change, { readonly action: "create" }>;

/** Where the whole of a creation is. */
interface Kept {
  at(index: number): Change;
  readonly longest?: number | undefined;
}

/**
 * A creation that is in a file: an apply holds all of its changes, and sends a thousand at a time. It is read when somebody
 * first asks what it is, and again after whoever was done with it has let it go.
 */
export class HeldCreate {
  readonly #kept: Kept;
  readonly #index: number;
  #read: Create | undefined;

  constructor(kept: Kept, index: number) {
    this.#kept = kept;
    this.#index = index;
  }

  /** Bytes of the longest line that is kept with it; undefined where nobody knows. */
  get longestLine(): number | undefined {
    return this.#kept.longest;
  }

  get action(): "create" {
    return "create";
  }

  get key(): Key {
    return this.#whole.key;
  }

  get label(): string {
    return this.#whole.label;
  }

  get summary(): string {
    return this.#whole.summary;
  }

  get reason(): ActionReason | undefined {
    return this.#whole.reason;
  }

  get warnings(): readonly string[] | undefined {
    return this.#whole.warnings;
  }

  get source(): SourceSpan | undefined {
    return this.#whole.source;
  }

  get sensitive(): readonly string[] | undefined {
    return this.#whole.sensitive;
  }

  get desired(): EntryTrace | undefined {
    return this.#whole.desired;
  }

  get after(): unknown {
    return this.#whole.after;
  }

  get precondition(): Precondition {
    return this.#whole.precondition;
  }

  /** The whole of it for a moment: it is not kept at hand. */
  glance(): Create {
    return this.#read ?? (this.#kept.at(this.#index) as Create);
  }

  read(): void {
    this.#read ??= this.#kept.at(this.#index) as Create;
  }

  /** Memory is for the next ones. */
  letGo(): void {
    this.#read = undefined;
  }

  get #whole(): Create {
    this.#read ??= this.#kept.at(this.#index) as Create;
    return this.#read;
  }
}

/** Reads what somebody will ask for soon. Never throws: who asks for what cannot be read hears of it then. */
export function readAhead(changes: readonly Change[]): void {
  try {
    for (const change of changes) if (change instanceof HeldCreate) change.read();
  } catch {
    // the file is as it is
  }
}

/** Nobody needs more of a change for now than that it is there. */
export function letGo(change: Change): void {
  if (change instanceof HeldCreate) change.letGo();
}
