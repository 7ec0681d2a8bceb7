import { isRecord, type JsonValue } from "../core/json.ts";
import type { Path } from "../core/locate.ts";
import { nearest } from "../core/nearest.ts";
import type { Kind } from "../core/resource.ts";
import { holdsSecret, type JsonWithSecrets } from "../core/secret.ts";
import type { SecretPolicy } from "../document/values.ts";

/** What stands in written manifests where a value is hidden. */
export const placeholder = "(sensitive)";

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
  return new Set([
    ...listedKeys(asRecord(asRecord(document)["spec"])),
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
  return itemsOf(document).flatMap((item, index) =>
    hiddenMembers(item, keys).map((path) => ["spec", "items", index].concat(path)),
  );
}

/** Of the hidden keys, and all of what stands where no item has anything: it may be content in the wrong place. */
function hiddenMembers(item: unknown, keys: ReadonlySet<string>): Path[] {
  if (!isRecord(item)) return [[]];
  return Object.entries(item).flatMap(([name, member]): Path[] => {
    if (name !== "content") return plainFields.has(name) ? [] : [[name]];
    if (!isRecord(member)) return [[name]];
    return Object.keys(member).flatMap((key) => (keys.has(key) ? [[name, key]] : []));
  });
}

/** Fields of an item that plans show. */
const plainFields: ReadonlySet<string> = new Set(["reference", "priority", "deferDate", "dueDate", "riskSlaDate"]);

/** What `sensitive` lists, also where it is misspelled: what it says is clear. */
function listedKeys(spec: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(spec).flatMap(([name, listed]) => {
    const isMeant = name === "sensitive" || nearest(name, ["sensitive"]) !== undefined;
    if (!isMeant || !Array.isArray(listed)) return [];
    return listed.filter((key) => typeof key === "string");
  });
}

/** Where texts stand that `validate -o yaml` wrote in the place of hidden values: nobody means them. */
export function placeholders(document: JsonValue, hidden: readonly Path[]): Path[] {
  const items = itemsOf(document);
  return hidden.filter(([, , index, field, key]) => {
    const content = field === "content" ? asRecord(asRecord(items[Number(index)])["content"]) : {};
    return content[String(key)] === placeholder;
  });
}

function contentsOf(document: JsonWithSecrets): Readonly<Record<string, JsonWithSecrets>>[] {
  return itemsOf(document).map((item) => asRecord(asRecord(item)["content"]));
}

function itemsOf(document: JsonWithSecrets): readonly unknown[] {
  const items = asRecord(asRecord(document)["spec"])["items"];
  return Array.isArray(items) ? items : [];
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
