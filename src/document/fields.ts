import { freeName, type Field } from "../core/field.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import { limitsOf } from "./limits.ts";
import type { SchemaFile } from "./schema.ts";
import { typeWords, valuesOf, type Schema } from "./type-words.ts";

/** What a schema says of a document, field by field; the root stands for the document itself. */
export function fieldsOf(name: string, schema: SchemaFile): Field {
  return new Reader(schema).field({ name, path: [], schema: schema as unknown as Schema, required: true });
}

interface Place {
  readonly name: string;
  readonly path: readonly string[];
  readonly schema: Schema;
  readonly required: boolean;
  readonly only?: string;
}

/** A mapping in one of its forms: `strategy` has three. */
interface Form {
  /** What makes it this form: `type Specific`. */
  readonly label: string;
  readonly schema: Schema;
}

/** Levels of lists, alternatives and mappings that words about a type tell: `list of mappings of texts`. */
const deepest = 3;

class Reader {
  readonly #root: Schema;

  constructor(root: SchemaFile) {
    this.#root = root as unknown as Schema;
  }

  field({ name, path, schema: unresolved, required, only }: Place, above: readonly Schema[] = []): Field {
    const schema = this.#resolve(unresolved);
    // A definition that holds itself is described once.
    const fields = above.includes(schema) ? [] : this.#below(schema, path, [...above, schema]);
    return {
      name,
      path,
      description: textOf(schema["description"]),
      type: typeWords(this.#deep(schema)),
      values: valuesOf(this.#deep(schema)),
      required,
      ...(only === undefined ? {} : { only }),
      ...(schema["default"] === undefined ? {} : { default: schema["default"] as JsonValue }),
      limits: limitsOf(this.#deep(schema)),
      examples: Array.isArray(schema["examples"]) ? (schema["examples"] as JsonValue[]) : [],
      fields,
    };
  }

  #below(schema: Schema, path: readonly string[], above: readonly Schema[]): Field[] {
    const items = schema["items"];
    if (isRecord(items)) return this.#below(this.#resolve(items), path, above);
    const own = this.#properties(schema, path, above);
    const forms = this.#forms(schema);
    const merged = merge(forms.map((form) => ({ form, fields: this.#below(form.schema, path, above) })));
    const free = this.#freeNames(schema, path, above);
    return [...own, ...merged, ...free];
  }

  #properties(schema: Schema, path: readonly string[], above: readonly Schema[]): Field[] {
    const properties = recordOf(schema["properties"]);
    const required = listOf(schema["required"]);
    return Object.entries(properties).flatMap(([name, property]) =>
      isRecord(property)
        ? [this.field({ name, path: [...path, name], schema: property, required: required.includes(name) }, above)]
        : [],
    );
  }

  /** Members under names of the user's own, where they are more than plain values. */
  #freeNames(schema: Schema, path: readonly string[], above: readonly Schema[]): Field[] {
    const members = schema["additionalProperties"];
    if (!isRecord(members)) return [];
    const field = this.field({ name: freeName, path: [...path, freeName], schema: members, required: false }, above);
    if (field.fields.length === 0) return [];
    return [field.description === "" ? { ...field, description: "One of them, under a name of your own." } : field];
  }

  #forms(schema: Schema): Form[] {
    const branches = [schema["oneOf"], schema["anyOf"]].flatMap((branch) => (Array.isArray(branch) ? branch : []));
    return branches.flatMap((branch: unknown) => {
      const form = isRecord(branch) ? this.#resolve(branch) : {};
      if (Object.keys(recordOf(form["properties"])).length === 0) return [];
      const type = recordOf(recordOf(form["properties"])["type"])["const"];
      const label = typeof type === "string" ? `type ${type}` : textOf(form["title"]).toLowerCase();
      return [{ label, schema: form }];
    });
  }

  /** What a reference leads to, with what stands beside it. */
  #resolve(schema: Schema): Schema {
    const ref = schema["$ref"];
    if (typeof ref !== "string") return schema;
    const found = ref
      .replace(/^#\//, "")
      .split("/")
      .reduce<unknown>((value, step) => recordOf(value)[step], this.#root);
    const { $ref: _ref, ...beside } = schema;
    const target = this.#resolve(recordOf(found));
    return Object.keys(beside).length === 0 ? target : { ...target, ...beside };
  }

  /** Resolved together with its items and its alternatives: as far as words about its type look. */
  #deep(schema: Schema, levels: number = deepest): Schema {
    if (levels === 0) return schema;
    const inner = (part: unknown): unknown => {
      if (Array.isArray(part)) return part.map((branch: unknown) => inner(branch));
      return isRecord(part) ? this.#deep(this.#resolve(part), levels - 1) : part;
    };
    const parts = ["items", "additionalProperties", "oneOf", "anyOf"].filter(
      (keyword) => schema[keyword] !== undefined,
    );
    return { ...schema, ...Object.fromEntries(parts.map((keyword) => [keyword, inner(schema[keyword])])) };
  }
}

/** Fields of several forms as one list: each once, with the forms that know it where not all do. */
function merge(forms: readonly { readonly form: Form; readonly fields: readonly Field[] }[]): Field[] {
  const names = [...new Set(forms.flatMap(({ fields }) => fields.map(({ name }) => name)))];
  return names.flatMap((name) => {
    const found = forms.flatMap(({ form, fields }) =>
      fields.filter((field) => field.name === name).map((field) => ({ form, field })),
    );
    const [first] = found;
    if (first === undefined) return [];
    const labels = found.map(({ form }) => form.label);
    const only = labels.length === forms.length ? {} : { only: labels.join(" or ") };
    return [{ ...together(found.map(({ field }) => field)), ...only }];
  });
}

/** The one field that several forms have in common. */
function together(fields: readonly Field[]): Field {
  const [first, ...others] = fields as readonly [Field, ...Field[]];
  if (others.length === 0) return first;
  const values = [...new Set(fields.flatMap((field) => field.values))];
  const distinct = [...new Set(fields.map(({ description }) => description))];
  const told = fields.every((field) => field.values.length === 1);
  const description = told
    ? fields.map((field) => `${field.values[0]}: ${lowerFirst(field.description)}`).join(" ")
    : distinct.join(" ");
  return {
    ...first,
    values,
    required: fields.every((field) => field.required),
    description: distinct.length === 1 ? first.description : description,
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function recordOf(value: unknown): Schema {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
