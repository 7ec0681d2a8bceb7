import { isRecord, type JsonValue } from "../core/json.ts";
import type { Path } from "../core/locate.ts";
import type { Kind } from "../core/resource.ts";
import { holdsSecret, type JsonWithSecrets } from "../core/secret.ts";
import type { SecretPolicy } from "../document/values.ts";

/** Where a kind's documents may hold secrets: what is sent to a robot and never has to be shown. */
const allowed: Readonly<Record<Kind, (path: Path) => boolean>> = {
  QueueItems: (path) => path.length === 5 && path[1] === "items" && path[3] === "content",
  Job: (path) => path.length >= 3 && path[1] === "inputArguments",
  StoppedJobs: () => false,
  Review: () => false,
};

/** What manifests say about secrets. */
export function manifestSecrets(kind: Kind): SecretPolicy {
  return {
    allows: (path) => path[0] === "spec" && allowed[kind](path),
    unset: "MF031",
    refused: {
      code: "MF032",
      why: "is not allowed here: what stands here is shown in plans",
      hint: (name) =>
        `secrets may stand in the content of queue items and in inputArguments; use \${env:${name}} if it is no secret`,
    },
  };
}

/**
 * Values that no output shows: an excerpt of their line would, and so would a message that quotes them. They stand
 * under the content keys that `sensitive` lists, and under those that hold a secret in any item.
 */
export function hiddenPaths(document: JsonWithSecrets): Path[] {
  const spec = asRecord(asRecord(document)["spec"]);
  const items = Array.isArray(spec["items"]) ? (spec["items"] as readonly unknown[]) : [];
  const contents = items.map((item) => asRecord(asRecord(item)["content"]));
  const listed = Array.isArray(spec["sensitive"]) ? (spec["sensitive"] as readonly unknown[]) : [];
  const keys = new Set([
    ...listed.filter((key) => typeof key === "string"),
    ...contents.flatMap((content) => Object.keys(content).filter((key) => isSecret(content[key]))),
  ]);
  if (keys.size === 0) return [];
  return contents.flatMap((content, index) =>
    Object.keys(content)
      .filter((key) => keys.has(key))
      .map((key) => ["spec", "items", index, "content", key]),
  );
}

/** Resolved already, or still as it is written. */
function isSecret(value: JsonWithSecrets | undefined): boolean {
  return holdsSecret(value) || (typeof value === "string" && value.includes("${secret:"));
}

function asRecord(value: unknown): Readonly<Record<string, JsonWithSecrets>> {
  return isRecord(value) ? (value as Readonly<Record<string, JsonWithSecrets>>) : {};
}

/** Puts secrets back into a document whose copy without them was checked and mended: where their text still stands. */
export function withSecrets(
  value: JsonValue,
  secrets: readonly { readonly path: Path; readonly secret: { readonly template: string } }[],
): JsonWithSecrets {
  for (const { path, secret } of secrets) {
    const holder = path.slice(0, -1).reduce<unknown>((found, step) => {
      if (Array.isArray(found)) return found[Number(step)] as unknown;
      return isRecord(found) && Object.hasOwn(found, step) ? found[String(step)] : undefined;
    }, value);
    const last = path.at(-1);
    if (typeof holder !== "object" || holder === null || last === undefined) continue;
    if (Reflect.get(holder, last) === secret.template) Reflect.set(holder, last, secret);
  }
  return value;
}
