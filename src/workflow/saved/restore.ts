import { isPending, type Change } from "../../core/change.ts";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { PlanRefusedError } from "../../core/errors.ts";
import { isRecord } from "../../core/json.ts";
import type { Plan, PlannedResource } from "../../core/plan.ts";
import { shortKey, type DesiredResource } from "../../core/resource.ts";
import { holdsSecret } from "../../core/secret.ts";
import type { ValueSources } from "../../document/values.ts";
import { definitions } from "../../kinds/registry.ts";
import { checkKeptSpec } from "../files/plan-schema.ts";
import { NamedSecrets } from "./named-secrets.ts";

/** What a saved plan was planned from, as far as it has pending changes. */
export interface Restored {
  readonly resources: readonly DesiredResource[];
  /** Secrets that are not set here. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Desired state from a saved plan: exactly what it shows, with secrets looked up again.
 * @throws PlanRefusedError when something in it is none of ours.
 */
export function restore(plan: Plan, values: ValueSources): Restored {
  const secrets = new NamedSecrets(values);
  const resources = plan.resources.flatMap((resource) => restored(resource, secrets) ?? []);
  return { resources, diagnostics: secrets.diagnostics };
}

function restored(resource: PlannedResource, secrets: NamedSecrets): DesiredResource | undefined {
  const { key, dependsOn, source, desired } = resource;
  const pending = Iterator.from(resource.changes)
    .filter(isPending)
    .map((change) => withContent(change, secrets))
    .toArray();
  if (pending.length === 0) return undefined;
  const kept = desired?.spec;
  if (!isRecord(kept) || checkKeptSpec(key.kind, kept).length > 0) throw notOurs(resource);
  const { inputArguments, ...rest } = kept;
  if (holdsSecret(rest)) throw notOurs(resource);
  const spec =
    inputArguments === undefined ? rest : { ...rest, inputArguments: secrets.reveal(inputArguments, source) };
  const definition = definitions[key.kind];
  const planned = definition.again === undefined ? spec : definition.again(spec as never, pending);
  if (planned === undefined) throw notOurs(resource);
  return { key, labels: {}, dependsOn, source, spec: planned };
}

function notOurs({ key }: PlannedResource): PlanRefusedError {
  return new PlanRefusedError(
    `the plan cannot be used: what it says of ${shortKey(key)} was not written by orch-sync`,
    {
      hint: "make it again: orch-sync plan --out FILE",
    },
  );
}

/** Secrets may stand in the content of new and changed items: nowhere else is one sent from. */
function withContent(change: Change, secrets: NamedSecrets): Change {
  if ((change.action !== "create" && change.action !== "update") || !isRecord(change.after)) return change;
  const { content } = change.after;
  if (change.desired?.fields.includes("content") !== true || !holdsSecret(content)) return change;
  return { ...change, after: { ...change.after, content: secrets.reveal(content, change.source) } };
}
