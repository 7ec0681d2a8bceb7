import type { JsonValue } from "./json.ts";
import { nearest } from "./nearest.ts";

/** One field of a manifest or another file, as its schema describes it: what `explain` and the references in docs/ show. */
export interface Field {
  /** The last step of its path; `NAME` stands for names that the user gives. */
  readonly name: string;
  /** All steps from the document's root; lists take none. */
  readonly path: readonly string[];
  /** What it means, in sentences. */
  readonly description: string;
  /** What is written there, in words: `text`, `list of mappings`. */
  readonly type: string;
  /** All values that are allowed, as YAML has them, where they can be counted. */
  readonly values: readonly string[];
  readonly required: boolean;
  /** What must be said elsewhere for this field to be known: `type Specific`. */
  readonly only?: string;
  readonly default?: JsonValue;
  /** What it must keep to besides, in words: `at most 128 characters`. */
  readonly limits: readonly string[];
  readonly examples: readonly JsonValue[];
  /** The fields below it. */
  readonly fields: readonly Field[];
}

/** Stands for a name that the user gives. */
export const freeName = "NAME";

/** The first sentence of a text. */
export function firstSentence(text: string): string {
  return /^.*?[^.\s]\.(?=\s|$)/s.exec(text)?.[0] ?? text; // a lone . is a sign that the text is about
}

/** What a table has room for: the first sentence, or all where the sentences are about one value each. */
export function brief({ description, values, only }: Pick<Field, "description" | "values" | "only">): string {
  const byValue = values.some((value) => description.startsWith(`${value}:`));
  const text = byValue ? description : firstSentence(description);
  return only === undefined ? text : `${text} Only with ${only}.`;
}

/** `one of High, Normal, Low`, or the type where values cannot be counted. */
export function typeAndValues({ type, values }: Pick<Field, "type" | "values">): string {
  const [only, ...others] = values;
  if (only === undefined) return type;
  const list = type.startsWith("list") ? "list of " : "";
  return others.length === 0 ? `${list}${only}` : `${list}${list === "" ? "one of " : ""}${values.join(", ")}`;
}

/** The fields below a field, and below those, in the order of the schema. */
export function allFields(field: Field): Field[] {
  return field.fields.flatMap((below) => [below, ...allFields(below)]);
}

/**
 * The field that a path leads to. Lists take no step, `spec` may be left out, and where the user gives names, one of
 * them may stand or be left out: `targets.prod.url`, `targets.url`.
 */
export function findField(
  root: Field,
  steps: readonly string[],
): Field | { readonly at: Field; readonly step: string } {
  let field = root;
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1;
    const below = childOf(field, step, last) ?? (field === root ? childOf(specOf(root), step, last) : undefined);
    if (below === undefined) return { at: field === root ? specOf(root) : field, step };
    field = below;
  }
  return field;
}

/** `spec` where there is one, else the root itself: where most fields stand. */
function specOf(root: Field): Field {
  return root.fields.find(({ name }) => name === "spec") ?? root;
}

function childOf(field: Field, step: string, last: boolean): Field | undefined {
  const named = field.fields.find(({ name }) => name.toLowerCase() === step.toLowerCase());
  if (named !== undefined) return named;
  const free = field.fields.find(({ name }) => name === freeName);
  const names = free?.fields.map(({ name }) => name) ?? [];
  const known = free?.fields.find(({ name }) => name.toLowerCase() === step.toLowerCase());
  // A last step that is almost a field's name is a slip rather than a name of the user's.
  return known ?? (last && nearest(step, names) !== undefined ? undefined : free);
}
