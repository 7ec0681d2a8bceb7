declare global {
  interface JSON {
    /** A piece of JSON text that `stringify` writes as it is (ECMAScript proposal "JSON.parse source text access"). */
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** Digits or an exponent outside of which every number fits: a quick look that spares most texts the slow way. */
const mayHoldLong = /[\d.]{16}|\d[eE]/;

/** Parses JSON so that numbers too long for a double keep their digits when they are written again. */
export function parseJson(text: string): unknown {
  if (!mayHoldLong.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && (isLong(source) || !Number.isFinite(value))
      ? JSON.rawJSON(source)
      : value,
  );
}

function isLong(source: string): boolean {
  return source.replaceAll(/\D/g, "").length > 15 && String(Number(source)) !== source;
}

/** JSON that is text already, such as a page of a list. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** As `JSON.stringify`, with members of the object itself that may be text already. */
export function stringifyJson(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  if (!Object.values(value).some((member) => member instanceof JsonText)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const texts = members.map(
    ([name, member]) => `${JSON.stringify(name)}:${member instanceof JsonText ? member.text : JSON.stringify(member)}`,
  );
  return `{${texts.join(",")}}`;
}
