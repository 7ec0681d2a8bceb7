import { markupText } from "../../core/text.ts";

/** HTML that is safe to show. Only `markup` makes it of foreign text. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | readonly Html[];

/** HTML with values in it, as text or between the quotes of an attribute: whatever is not HTML already is escaped. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = strings[0] ?? "";
  for (const [index, value] of values.entries()) text += textOf(value) + (strings[index + 1] ?? "");
  return new Html(text);
}

function textOf(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === "string" || typeof value === "number") return markupText(String(value));
  return value.map(({ text }) => text).join("");
}
