import { ChangeSpool } from "../../core/change-spool.ts";
import { isPending, type Change } from "../../core/change.ts";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { isRecord } from "../../core/json.ts";
import type { Plan } from "../../core/plan.ts";
import { holdsSecret, SecretValue } from "../../core/secret.ts";
import type { ValueSources } from "../../document/values.ts";
import { earlySpool } from "../files/spool.ts";
import { NamedSecrets } from "./named-secrets.ts";

/** A plan that was read from beside its journal, with the secrets of what is to be done looked up again. */
export function withSecretsOfPlan(
  plan: Plan,
  values: ValueSources,
): { readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const secrets = new NamedSecrets(values);
  const resources = plan.resources.map((resource) => {
    const changes = new ChangeSpool(earlySpool<Change>());
    for (const change of resource.changes) changes.push(isPending(change) ? revealed(change, secrets) : change);
    return { ...resource, changes: changes.done() };
  });
  return { plan: { ...plan, resources }, diagnostics: secrets.diagnostics };
}

function revealed(change: Change, secrets: NamedSecrets): Change {
  if (!("after" in change) || !isRecord(change.after) || !holdsSecret(change.after)) return change;
  const after: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(change.after)) {
    // A secret without a name is a live one: what the tenant has stays, and is read when it is needed.
    if (!holdsNameless(value)) after[name] = secrets.reveal(value, change.source);
  }
  return { ...change, after };
}

function holdsNameless(value: unknown): boolean {
  if (value instanceof SecretValue) return value.written === "";
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(holdsNameless);
}
