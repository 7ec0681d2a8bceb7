import { UsageError } from "../core/errors.ts";
import type { Field } from "../core/field.ts";
import { nearest } from "../core/nearest.ts";
import { kinds } from "../core/resource.ts";
import { fieldsOf } from "../document/fields.ts";
import { readSchema, schemaNames } from "../document/schema-files.ts";
import type { KindGroup } from "../views/human/explain.ts";

/** Everything that has a schema: manifests, the other files, and what commands print as JSON. */
export function kindGroups(): KindGroup[] {
  const roots = schemaNames().map((name) => rootField(name));
  const manifests = roots.filter(({ name }) => (kinds as readonly string[]).includes(name));
  const others = roots.filter((root) => !manifests.includes(root));
  return [
    { title: "Manifests", kinds: manifests },
    { title: "Other files", kinds: others.filter((root) => isFile(root)) },
    { title: "What commands print as JSON", kinds: others.filter((root) => !isFile(root)) },
  ];
}

/** Files say their kind, outputs their format. */
function isFile({ fields }: Field): boolean {
  return fields.some(({ name }) => name === "kind");
}

/** The fields of a kind, from its schema. */
export function rootField(kind: string): Field {
  return fieldsOf(kind, readSchema(kind));
}

/**
 * The kind that a word means, in whatever case. `besides` are words that would have been understood, too.
 * @throws UsageError, with the nearest.
 */
export function kindNamed(word: string, besides: readonly string[] = []): string {
  const known = schemaNames();
  const kind = known.find((name) => name.toLowerCase() === word.toLowerCase());
  if (kind !== undefined) return kind;
  const meant = nearest(word, [...known, ...besides]);
  throw new UsageError(`there is no kind ${JSON.stringify(word)}${besides.length === 0 ? "" : ", and no such code"}`, {
    hint: meant === undefined ? `kinds are ${known.join(", ")}` : `did you mean ${meant}?`,
  });
}
