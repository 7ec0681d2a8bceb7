import { fold } from "../../core/fold.ts";
import { holdsSecret, SecretValue, type JsonWithSecrets } from "../../core/secret.ts";
import type { AnyResource } from "../../kinds/any.ts";

/** What the project's manifests say of the content of a queue. */
export interface KnownContent {
  /** Keys that hold a secret in any item. */
  readonly secretKeys: ReadonlySet<string>;
  /** Keys that no view shows, besides those. */
  readonly sensitive: ReadonlySet<string>;
  /** The reference that stands in the manifests, else one that is named like the key. */
  readonly secretOf: (reference: string, key: string) => SecretValue;
}

export function knownContent(resources: readonly AnyResource[], queue: string): KnownContent {
  const secretKeys = new Set<string>();
  const sensitive = new Set<string>();
  const written = new Map<string, SecretValue>();
  for (const resource of resources) {
    if (resource.kind !== "QueueItems" || fold(resource.spec.queue) !== fold(queue)) continue;
    for (const key of resource.spec.secretKeys ?? []) secretKeys.add(key);
    for (const key of resource.spec.sensitive) sensitive.add(key);
    if ((resource.spec.secretKeys ?? []).length === 0) continue;
    for (const { reference, content = {} } of resource.spec.items) {
      for (const [key, value] of Object.entries(content)) {
        if (value instanceof SecretValue) written.set(JSON.stringify([fold(reference), key]), value);
      }
    }
  }
  for (const key of secretKeys) sensitive.delete(key);
  const secretOf = (reference: string, key: string): SecretValue =>
    written.get(JSON.stringify([fold(reference), key])) ?? secretNamed(key);
  return { secretKeys, sensitive, secretOf };
}

/** Arguments of a process that the project's manifests give secrets to. */
export function knownArguments(
  resources: readonly AnyResource[],
  process: { readonly name: string; readonly key: string },
): ReadonlyMap<string, JsonWithSecrets> {
  const found = new Map<string, JsonWithSecrets>();
  for (const resource of resources) {
    if (resource.kind !== "Job") continue;
    const { process: wanted, inputArguments = {} } = resource.spec;
    const isIt = "name" in wanted ? fold(wanted.name) === fold(process.name) : fold(wanted.key) === fold(process.key);
    if (!isIt) continue;
    for (const [name, value] of Object.entries(inputArguments)) if (holdsSecret(value)) found.set(name, value);
  }
  return found;
}

/** `${secret:API_TOKEN}`, for a key ApiToken or api-token. */
function secretNamed(key: string): SecretValue {
  const words = key.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").replaceAll(/[^A-Za-z0-9]+/g, "_");
  return new SecretValue("", `\${secret:${(/^\d/.test(words) ? `_${words}` : words).toUpperCase()}}`, []);
}
