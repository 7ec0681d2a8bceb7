import type { HeldCreate } from "./held-create.ts";
import type { Ending, Outcome } from "./outcome.ts";
import type { Key, ResourceKey } from "./resource.ts";
import type { SourceSpan } from "./source.ts";

/** What was done for changes: nearly always the same for all that went out together. */
export interface Done {
  readonly durationMs: number;
  readonly calls: number;
  readonly traceIds: readonly string[];
}

/** How a creation ends that went well. */
export type Success = Extract<Ending, { readonly status: "applied" | "already-done" }>;

/**
 * What a report says of a creation that is in a file and has succeeded. Of a hundred thousand of them nobody reads more
 * than how they ended, so the ending and the work are shared, and where the row stands is read when somebody asks.
 * Its members are not its own: who spreads it or hands it out takes `plainOutcome`.
 */
export class HeldOutcome {
  readonly #create: HeldCreate;
  readonly #ending: Success;
  readonly #done: Done;
  readonly #resource: ResourceKey;
  readonly #entry: string | undefined;
  readonly #label: string;

  constructor(create: HeldCreate, resource: ResourceKey, ending: Success, done: Done) {
    this.#create = create;
    this.#ending = ending;
    this.#done = done;
    this.#resource = resource;
    const { key, label } = create;
    this.#entry = key.entry;
    this.#label = label === key.entry ? key.entry : label; // one text, not two
  }

  get key(): Key {
    const { kind, folder, name } = this.#resource;
    return { kind, folder, name, ...(this.#entry === undefined ? {} : { entry: this.#entry }) };
  }

  get action(): "create" {
    return "create";
  }

  get label(): string {
    return this.#label;
  }

  get source(): SourceSpan | undefined {
    try {
      return this.#create.glance().source;
    } catch {
      return undefined; // the file is as it is, and no reason to lose a report
    }
  }

  get status(): Success["status"] {
    return this.#ending.status;
  }

  get note(): string | undefined {
    return this.#ending.note;
  }

  get ids(): readonly number[] | undefined {
    return this.#ending.ids;
  }

  get durationMs(): number {
    return this.#done.durationMs;
  }

  get calls(): number {
    return this.#done.calls;
  }

  get traceIds(): readonly string[] | undefined {
    return this.#done.traceIds.length === 0 ? undefined : this.#done.traceIds;
  }

  toJSON(): Outcome {
    const { key, action, label, source, durationMs, calls, traceIds } = this;
    return {
      ...this.#ending,
      key,
      action,
      label,
      durationMs,
      calls,
      ...(traceIds === undefined ? {} : { traceIds }),
      ...(source === undefined ? {} : { source }),
    };
  }
}

/** The same outcome with members of its own. */
export function plainOutcome(outcome: Outcome): Outcome {
  return outcome instanceof HeldOutcome ? (outcome as HeldOutcome).toJSON() : outcome;
}
