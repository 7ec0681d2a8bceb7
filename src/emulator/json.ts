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

/** Parses JSON so that numbers too long for a double keep their digits when they are written again. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && (isLong(source) || !Number.isFinite(value))
      ? JSON.rawJSON(source)
      : value,
  );
}

function isLong(source: string): boolean {
  return source.replaceAll(/\D/g, "").length > 15 && String(Number(source)) !== source;
}
