import type { Diagnostic } from "../../core/diagnostic.ts";
import { PlanRefusedError } from "../../core/errors.ts";
import { isRecord } from "../../core/json.ts";
import { SecretValue } from "../../core/secret.ts";
import type { SourceSpan } from "../../core/source.ts";
import { resolveValues, type SecretPolicy, type ValueSources } from "../../document/values.ts";

const policy: SecretPolicy = {
  allows: () => true,
  unset: "MF031",
  refused: { code: "MF032", why: "is not allowed here", hint: () => "" },
};

/** Looks up the secrets that a saved plan names; they are in no file. */
export class NamedSecrets {
  /** Those that are not set here. */
  readonly diagnostics: Diagnostic[] = [];
  readonly #values: ValueSources;
  readonly #known = new Map<string, SecretValue>();

  constructor(values: ValueSources) {
    this.#values = values;
  }

  /**
   * The value with each secret in it looked up; `source` is where it stands.
   * @throws PlanRefusedError for a secret without a name.
   */
  reveal(value: unknown, source: SourceSpan | undefined): unknown {
    if (value instanceof SecretValue) return this.#find(value, source);
    if (Array.isArray(value)) return value.map((member: unknown) => this.reveal(member, source));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.reveal(member, source)]));
  }

  #find(named: SecretValue, source: SourceSpan | undefined): SecretValue {
    const { written } = named;
    const known = this.#known.get(written);
    if (known !== undefined) return known;
    const place = source ?? { file: "plan", line: 1, column: 1 };
    const { value, diagnostics } = resolveValues(written, () => place, this.#values, policy);
    this.diagnostics.push(...diagnostics);
    // Without a secret in it, it would be a value that no review has seen.
    if (!(value instanceof SecretValue) && diagnostics.length === 0) {
      throw new PlanRefusedError("the plan cannot be used: what it calls a secret names none");
    }
    const found = value instanceof SecretValue ? value : named;
    this.#known.set(written, found);
    return found;
  }
}
