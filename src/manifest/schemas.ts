import type { Path } from "../core/locate.ts";
import type { Kind } from "../core/resource.ts";
import { compileSchema, type CodeRule, type SchemaCheck, type SchemaFile } from "../document/schema.ts";
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

let row: SchemaCheck | undefined;

/** The check of `{ row: ITEM }`, where ITEM is written as an entry of `items`: rows of NDJSON and JSON may be. */
export function rowSchema(): SchemaCheck {
  row ??= compileSchema({
    $id: "urn:orch-sync:v1:queue-item-row",
    type: "object",
    properties: { row: { $ref: "#/$defs/item" } },
    $defs: readSchema("QueueItems").$defs,
  } as SchemaFile);
  return row;
}

const name = ["metadata", "name"];

/** Where a schema's finding has a code of its own. */
export const codeRules: readonly CodeRule[] = [
  ...["pattern", "minLength", "maxLength"].map((keyword): CodeRule => ({
    path: name,
    keyword,
    code: "MF018",
    hint: "names are made of a to z, 0 to 9, - and .",
  })),
  ...itemCodes(["spec", "items", "*"]),
];

/** The same for `{ row: ITEM }`. */
export const rowCodeRules: readonly CodeRule[] = itemCodes(["row"]);

function itemCodes(item: Path): CodeRule[] {
  return [
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
}
