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

/** The content keys whose values no output shows: those that `sensitive` lists, and that hold a secret in any item. */
export function hiddenKeys(document: JsonWithSecrets): ReadonlySet<string> {
  const listed = asRecord(asRecord(document)["spec"])["sensitive"];
  return new Set([
    ...(Array.isArray(listed) ? (listed as readonly unknown[]) : []).filter((key) => typeof key === "string"),
    ...contentsOf(document).flatMap((content) => Object.keys(content).filter((key) => isSecret(content[key]))),
  ]);
}

/**
 * Where values stand that no output shows: an excerpt of their line would, and so would a message that quotes them.
 * `more` are keys that are hidden in the whole of which the document is a part.
 */
export function hiddenPaths(document: JsonWithSecrets, more: ReadonlySet<string> = new Set()): Path[] {
  const keys = hiddenKeys(document).union(more);
  if (keys.size === 0) return [];
  return contentsOf(document).flatMap((content, index) =>
    Object.keys(content)
      .filter((key) => keys.has(key))
      .map((key) => ["spec", "items", index, "content", key]),
  );
}

function contentsOf(document: JsonWithSecrets): Readonly<Record<string, JsonWithSecrets>>[] {
  const items = asRecord(asRecord(document)["spec"])["items"];
  return (Array.isArray(items) ? (items as readonly unknown[]) : []).map((item) => asRecord(asRecord(item)["content"]));
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
