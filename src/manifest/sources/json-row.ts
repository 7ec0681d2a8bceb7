import type { DiagnosticCode } from "../../core/diagnostic-codes.ts";
import { isRecord, type JsonPrimitive } from "../../core/json.ts";
import type { Part } from "../../core/locate.ts";
import type { SourceSpan } from "../../core/source.ts";
import { quoted } from "../../document/phrases.ts";
import { halfCharacter } from "../../document/plain.ts";
import { exact } from "./cells.ts";
import { refused, type RowProblem } from "./fields.ts";
import type { JsonText } from "./json-rows.ts";
import { scanJson, type JsonMember, type JsonScan } from "./json-scan.ts";
import type { Refusal } from "./refusal.ts";
import { isRefusal } from "./refusal.ts";
import { spanIn } from "./row-text.ts";

/** A text that is no row, with the place of each problem in it. */
interface RefusedRow {
  readonly type: "refused";
  readonly problems: readonly (RowProblem<never> & { readonly range: readonly [number, number] })[];
}

/** Numbers of more than 15 digits, or with large exponents, may lose some; all others are kept as they are. */
const mayLoseDigits = /\d(?:\.?\d){15}|\d[eE][-+]?\d{3}/;
/** Without one of these, a number's text is what JavaScript writes for it, unless it may lose digits. */
const mayBeSpelledOtherwise = /\d[.eE]|-0/;
/** Escapes, of which the file's own UTF-8 leaves surrogates to these alone: both halves, one half (named), any other. */
const escapes = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?<half>u[dD][89a-fA-F][\da-fA-F]{2})|.)/g;
const mayHaveHalves = /\\u[dD][89a-fA-F]/;

/** One row of NDJSON or JSON. What `JSON.parse` does not tell is looked for only where it may matter. */
export class JsonRow {
  readonly type = "row";
  readonly text: JsonText;
  readonly members: Readonly<Record<string, unknown>>;
  readonly #mayLoseDigits: boolean;
  #scanned: JsonScan | undefined;

  private constructor(text: JsonText, members: Readonly<Record<string, unknown>>) {
    this.text = text;
    this.members = members;
    this.#mayLoseDigits = mayLoseDigits.test(text.text);
  }

  static parse(text: JsonText): JsonRow | RefusedRow {
    if (text.isTooLong === true) return refusedRow("QI022", "the row has more than 5 MB", [0, 1], rowTooLong);
    let value: unknown;
    try {
      value = JSON.parse(text.text);
    } catch {
      const at = scanJson(text.text).fault ?? 0;
      return refusedRow("QI020", "the row is no valid JSON", [at, at + 1], "the caret shows where it ceases to be");
    }
    const begin = text.text.search(/\S/);
    if (!isRecord(value)) {
      const found = Array.isArray(value) ? "a list" : "a plain value";
      return refusedRow(
        "QI020",
        `a row must be a mapping, not ${found}`,
        [begin, text.text.trimEnd().length],
        oneMapping,
      );
    }
    const row = new JsonRow(text, value);
    const problems = [...row.#keyProblems(), ...halves(text.text)];
    return problems.length === 0 ? row : { type: "refused", problems };
  }

  static span(text: JsonText, [from, to]: readonly [number, number], excerpt: boolean): SourceSpan {
    return spanIn(text, from, to, excerpt);
  }

  /** Where a member stands, `[]` being the row. What does not exist stands where the nearest thing around it does. */
  place(path: readonly string[], part: Part | undefined, excerpt: boolean): SourceSpan {
    const { text } = this.text;
    for (let length = Math.min(2, path.length); length > 0; length--) {
      const wanted = path.slice(0, length);
      const member = this.#member(wanted);
      if (member === undefined) continue;
      const range =
        part === "key" ? member.key : part === "entry" ? ([member.key[0], member.value[1]] as const) : member.value;
      return spanIn(this.text, ...range, excerpt);
    }
    const begin = text.search(/\S/);
    return spanIn(this.text, begin, begin + 1, excerpt);
  }

  /** A member as text: numbers as they are written, null and what is missing as nothing. */
  textOf(name: string): string | Refusal {
    const value = Object.hasOwn(this.members, name) ? this.members[name] : undefined;
    if (typeof value === "string") return value;
    if (value === null || value === undefined) return "";
    if (typeof value === "object") return this.nested();
    if (typeof value === "boolean") return String(value);
    return this.#mayLoseDigits || mayBeSpelledOtherwise.test(this.text.text)
      ? this.#written([name])
      : `${value as number}`;
  }

  /** A member with its JSON type; undefined where there is none. */
  valueOf(name: string): JsonPrimitive | Refusal | undefined {
    const value = this.members[name] as JsonPrimitive | object;
    if (typeof value === "object" && value !== null) return this.nested();
    return typeof value === "number" ? this.#number(value, [name]) : value;
  }

  nested(): Refusal {
    return {
      code: "QI006",
      predicate: "is a list or a mapping",
      hint: "content is flat; store lists and mappings as JSON text",
    };
  }

  /** Numbers in the mapping under `content` that are not what the text says. */
  inexactContent(isPrivate: (name: string) => boolean): RowProblem<readonly string[]>[] {
    const content = this.members["content"];
    if (!this.#mayLoseDigits || !isRecord(content)) return [];
    return Object.entries(content).flatMap(([name, value]) => {
      const path = ["content", name];
      const found = typeof value === "number" ? this.#number(value, path) : undefined;
      return isRefusal(found) ? refused(`content key ${quoted(name)}`, found, isPrivate(name), path) : [];
    });
  }

  #number(value: number, path: readonly string[]): number | Refusal {
    if (!this.#mayLoseDigits) return value === 0 ? 0 : value;
    const found = exact(this.#written(path));
    return isRefusal(found) ? { ...found, hint: "put it in quotes if it is an identifier" } : found;
  }

  #written(path: readonly string[]): string {
    const [from, to] = this.#member(path)?.value ?? [0, 0];
    return this.text.text.slice(from, to);
  }

  #member(path: readonly string[]): JsonMember | undefined {
    return this.#scan().members.find(
      (member) => member.path.length === path.length && member.path.every((step, at) => step === path[at]),
    );
  }

  #scan(): JsonScan {
    this.#scanned ??= scanJson(this.text.text);
    return this.#scanned;
  }

  #keyProblems(): RefusedRow["problems"] {
    const content = this.members["content"];
    const nested = isRecord(content) ? content : {};
    const keys = Object.keys(this.members).length + Object.keys(nested).length;
    const hasProto = Object.hasOwn(this.members, "__proto__") || Object.hasOwn(nested, "__proto__");
    if (!hasProto && countKeys(this.text.text) === keys) return [];
    const { repeated, members } = this.#scan();
    const forbidden = members.filter(({ path }) => path.at(-1) === "__proto__");
    return [
      ...repeated.map(({ path, key }) => ({
        code: "QI021" as const,
        message: `key ${quoted(path.at(-1) ?? "")} occurs twice`,
        range: key,
      })),
      ...forbidden.map(({ key }) => ({
        code: "QI021" as const,
        message: 'the key "__proto__" is not allowed',
        range: key,
      })),
    ];
  }
}

const rowTooLong = "store the large part elsewhere, for example in a bucket";
const oneMapping = 'write it as { "Reference": "INV-1", … }';

function refusedRow(code: DiagnosticCode, message: string, range: readonly [number, number], hint: string): RefusedRow {
  return { type: "refused", problems: [{ code, message, hint, range }] };
}

/** The first half of a surrogate pair without the other: where there is one, there may be thousands. */
function halves(text: string): RefusedRow["problems"] {
  if (!mayHaveHalves.test(text)) return [];
  for (const { index, groups } of text.matchAll(escapes)) {
    if (groups?.["half"] === undefined) continue;
    return [{ code: "MF049", ...halfCharacter, range: [index, index + "\\ud800".length] }];
  }
  return [];
}

/** How many keys a text seems to have: never fewer than it has, and more only where a text looks like a key. */
function countKeys(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) {
    let before = at - 1;
    while (before >= 0 && text.charCodeAt(before) <= 32) before--;
    if (text.charCodeAt(before) === 34) count++;
  }
  return count;
}
