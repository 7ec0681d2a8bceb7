/** A text with columns in it: `INV-{invoiceId}`. There is one literal more than columns: they alternate. */
export interface Template {
  readonly literals: readonly string[];
  readonly columns: readonly string[];
}

/** A template, or what is wrong with the text. */
export type ParsedTemplate =
  | { readonly type: "template"; readonly template: Template }
  | { readonly type: "problem"; readonly message: string; readonly hint: string };

/** Reads `{COLUMN}`; `{{` and `}}` are literal braces. A column whose header holds a brace cannot be named. */
export function parseTemplate(text: string): ParsedTemplate {
  const literals: string[] = [];
  const columns: string[] = [];
  let literal = "";
  let rest = 0;
  for (const { 0: token, 1: column, index } of text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g)) {
    literal += text.slice(rest, index);
    rest = index + token.length;
    if (token === "{{" || token === "}}") literal += token.charAt(0);
    else if (column === undefined) {
      const message = token === "{" ? "{ is not closed" : "} has no { before it";
      return { type: "problem", message, hint: `write ${token}${token} for a literal ${token}` };
    } else if (column === "") {
      return { type: "problem", message: "{} names no column", hint: "write a column's header between the braces" };
    } else {
      literals.push(literal);
      columns.push(column);
      literal = "";
    }
  }
  return { type: "template", template: { literals: [...literals, literal + text.slice(rest)], columns } };
}
