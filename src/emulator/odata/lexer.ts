import { invalidQuery } from "../errors.ts";
import { parseInstant } from "../instant.ts";
import type { Literal } from "./ast.ts";

export type Token =
  | { readonly kind: "literal"; readonly literal: Literal; readonly at: number }
  | { readonly kind: "word"; readonly text: string; readonly at: number }
  | { readonly kind: "mark"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly at: number };

/** The longest of several readings must come first: a GUID and a date begin like numbers, a GUID also like a word. */
const readers: readonly (readonly [RegExp, (text: string, at: number) => Token])[] = [
  [/'(?:[^']|'')*'/y, (text, at) => literal({ type: "string", value: text.slice(1, -1).replaceAll("''", "'") }, at)],
  [
    /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\w-])/iy,
    (text, at) => literal({ type: "guid", value: text.toLowerCase() }, at),
  ],
  [/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)(?![\w-])/iy, instant],
  [/\d{4}-\d\d-\d\d(?![\w-])/y, date],
  [/-?\d+L?(?![\w.])/iy, (text, at) => literal({ type: "integer", value: integer(text, at) }, at)],
  [/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?[mdf]?(?![\w.])/iy, decimal],
  [/\$?[A-Za-z_]\w*/y, word],
  [/[()/,=;*]/y, (text, at) => ({ kind: "mark", text, at })],
];

/** Cuts the text of a query option into tokens; what is no token is refused with its position. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const [token, length] = readToken(text, at);
    tokens.push(token);
    at += length;
  }
  return [...tokens, { kind: "end", at }];
}

function readToken(text: string, at: number): readonly [Token, number] {
  for (const [pattern, make] of readers) {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) return [make(match, at), match.length];
  }
  throw invalidQuery(`Syntax error near '${text.slice(at, at + 12)}'.`, at);
}

function literal(value: Literal, at: number): Token {
  return { kind: "literal", literal: value, at };
}

function integer(text: string, at: number): bigint {
  const value = BigInt(text.replace(/l$/i, ""));
  if (value !== BigInt.asIntN(64, value)) throw invalidQuery("The number does not fit into 64 bits.", at);
  return value;
}

function decimal(text: string, at: number): Token {
  const value = Number(text.replace(/[mdf]$/i, ""));
  if (!Number.isFinite(value)) throw invalidQuery("The number is too large.", at);
  return literal({ type: "decimal", value }, at);
}

function instant(text: string, at: number): Token {
  const value = parseInstant(text);
  if (value === undefined) throw invalidQuery(`'${text}' is no date.`, at);
  return literal({ type: "instant", value }, at);
}

function date(text: string, at: number): Token {
  if (parseInstant(`${text}T00:00:00Z`) === undefined) throw invalidQuery(`'${text}' is no date.`, at);
  return literal({ type: "date", value: text }, at);
}

function word(text: string, at: number): Token {
  if (text === "null") return literal({ type: "null" }, at);
  if (text === "true" || text === "false") return literal({ type: "boolean", value: text === "true" }, at);
  return { kind: "word", text, at };
}
