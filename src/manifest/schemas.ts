import type { Path } from "../core/locate.ts";
import type { CodeRule } from "../document/schema.ts";

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
