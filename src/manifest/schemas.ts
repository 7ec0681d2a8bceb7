import type { Kind } from "../core/resource.ts";
import { compileSchema, type CodeRule, type SchemaCheck } from "../document/schema.ts";
import { readSchema } from "../document/schema-files.ts";

const compiled = new Map<Kind, SchemaCheck>();

/** The check of one kind's documents, compiled when the first one comes along. */
export function schemaOf(kind: Kind): SchemaCheck {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  const check = compileSchema(readSchema(kind));
  compiled.set(kind, check);
  return check;
}

const name = ["metadata", "name"];
const item = ["spec", "items", "*"];

/** Where a schema's finding has a code of its own. */
export const codeRules: readonly CodeRule[] = [
  ...["pattern", "minLength", "maxLength"].map((keyword): CodeRule => ({
    path: name,
    keyword,
    code: "MF018",
    hint: "names are made of a to z, 0 to 9, - and .",
  })),
  { path: item, keyword: "additionalProperties", code: "QI004" },
  { path: [...item, "reference"], keyword: "minLength", code: "QI002" },
  { path: [...item, "reference"], keyword: "maxLength", code: "QI003" },
  {
    path: [...item, "content", "*"],
    keyword: "type",
    code: "QI006",
    hint: "content is flat; store lists and mappings as JSON text",
  },
];
