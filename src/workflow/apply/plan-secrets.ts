import type { Change } from "../../core/change.ts";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { isRecord } from "../../core/json.ts";
import type { List } from "../../core/list.ts";
import type { Plan } from "../../core/plan.ts";
import { holdsSecret, SecretValue } from "../../core/secret.ts";
import { resolveValues, type SecretPolicy, type ValueSources } from "../../document/values.ts";

/** A plan that was read from beside its journal, with its secrets looked up again; they are in no file. */
export function withSecretsOfPlan(
  plan: Plan,
  values: ValueSources,
): { readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const secrets = new PlanSecrets(values);
  const resources = plan.resources.map((resource) => {
    const changes = Array.from(resource.changes, (change) => secrets.inChange(change));
    return Object.assign({}, resource, { changes: changes satisfies List<Change> });
  });
  return { plan: { ...plan, resources }, diagnostics: secrets.diagnostics };
}

const policy: SecretPolicy = {
  allows: () => true,
  unset: "MF031",
  refused: { code: "MF032", why: "is not allowed here", hint: () => "" },
};

class PlanSecrets {
  readonly diagnostics: Diagnostic[] = [];
  readonly #values: ValueSources;
  readonly #known = new Map<string, SecretValue>();

  constructor(values: ValueSources) {
    this.#values = values;
  }

  inChange(change: Change): Change {
    if (!("after" in change) || !isRecord(change.after) || !holdsSecret(change.after)) return change;
    const after: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(change.after)) {
      // A secret without a name is a live one: what the tenant has stays, and is read when it is needed.
      if (!holdsNameless(value)) after[name] = this.#reveal(value, change);
    }
    return { ...change, after };
  }

  #reveal(value: unknown, change: Change): unknown {
    if (value instanceof SecretValue) return this.#find(value, change);
    if (Array.isArray(value)) return value.map((member: unknown) => this.#reveal(member, change));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#reveal(member, change)]));
  }

  #find(named: SecretValue, { source = { file: "plan", line: 1, column: 1 } }: Change): SecretValue {
    const { written } = named;
    const known = this.#known.get(written);
    if (known !== undefined) return known;
    const { value, diagnostics } = resolveValues(written, () => source, this.#values, policy);
    this.diagnostics.push(...diagnostics);
    const found = value instanceof SecretValue ? value : named;
    this.#known.set(written, found);
    return found;
  }
}

function holdsNameless(value: unknown): boolean {
  if (value instanceof SecretValue) return value.written === "";
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(holdsNameless);
}
