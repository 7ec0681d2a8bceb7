import type { Diagnostic } from "../core/diagnostic.ts";
import { readInstant } from "../core/read-instant.ts";

/** A spec with its defaults filled in, and what only more than a schema can find wrong with it. */
export interface Normalized<Spec> {
  readonly spec: Spec;
  readonly diagnostics: readonly Diagnostic[];
}

/** An instant in UTC. The schema has refused everything else, so what cannot be read stays as it is. */
export function utc(text: string): string {
  const found = readInstant(text);
  return found.type === "instant" ? found.instant : text;
}

/** As `utc`, for a date that may be cleared. */
export function utcOrNull(text: string | null): string | null {
  return text === null ? null : utc(text);
}
