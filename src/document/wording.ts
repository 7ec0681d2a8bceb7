import type { ErrorObject } from "ajv/dist/2020.js";
import type { DiagnosticCode } from "../core/diagnostic-codes.ts";
import { isRecord } from "../core/json.ts";
import type { Locate, Part, Path } from "../core/locate.ts";
import { nearest } from "../core/nearest.ts";
import { readInstant } from "../core/read-instant.ts";
import { isTooFar, relativeForms } from "../core/relative-time.ts";
import { formatPlace } from "../core/source.ts";
import { branchesOf } from "./branches.ts";
import { placeName } from "./json-path.ts";
import { count, described, quoted, typesInWords } from "./phrases.ts";

/** What the schema checker found, in words. */
export interface Wording {
  readonly code: DiagnosticCode;
  readonly keyword: string;
  /** The value that is wrong. */
  readonly path: Path;
  /** The types that the schema wants there, where it names any. */
  readonly types: readonly string[];
  /** What to underline. */
  readonly part: { readonly path: Path; readonly part: Part };
  readonly message: string;
  readonly hint?: string;
  readonly unknownKey?: { readonly name: string; readonly nearest?: string };
  /** Keys of which one is missing. */
  readonly missingKeys?: readonly string[];
}

export interface WordingContext {
  readonly at: Locate;
  readonly definitions: Readonly<Record<string, unknown>>;
  /** True where values must not be quoted. */
  readonly isPrivate: (path: Path) => boolean;
}

/** What a rule below makes of an error; the rest is the same for all. */
type Words = Pick<Wording, "code" | "message"> & Partial<Pick<Wording, "hint" | "unknownKey" | "missingKeys" | "part">>;

type Rule = (error: ErrorObject, path: Path, context: WordingContext) => Words;

/** One line of plain words, with what to do about it. */
export function wordProblem(error: ErrorObject, path: Path, context: WordingContext): Wording {
  const rule = Object.hasOwn(rules, error.keyword) ? rules[error.keyword] : undefined;
  const fallback: Words = { code: "MF014", message: `${placeName(path)} ${error.message ?? "is not valid"}` };
  const words = rule?.(error, path, context) ?? fallback;
  const types = [error.parentSchema?.["type"] ?? []].flat().map(String);
  return { keyword: error.keyword, path, types, part: { path, part: "value" }, ...words };
}

const rules: Readonly<Record<string, Rule>> = {
  additionalProperties: unknownKey,
  required: missingKey,
  type: wrongType,
  enum: (error, path, context) => notAllowed(error.schema, error.data, path, context),
  const: (error, path, context) => notAllowed([error.schema], error.data, path, context),
  oneOf: alternatives,
  anyOf: alternatives,
  format: wrongForm,
  pattern: wrongForm,
  propertyNames: (error, path) => {
    const name = String(error.params["propertyName"]);
    const message = `the name ${quoted(name)} in ${placeName(path)} is not allowed`;
    return { code: "MF014", message, part: { path: [...path, name], part: "key" } };
  },
  minLength: (error, path) => limit(path, error.params["limit"] === 1 ? "must not be empty" : tooShort(error)),
  maxLength: (error, path) =>
    limit(path, `has ${count(String(error.data).length, "character")}, at most ${error.params["limit"]} are allowed`),
  minItems: (error, path) => limit(path, `must have at least ${count(Number(error.params["limit"]), "entry")}`),
  minimum: (error, path) => limit(path, `must be at least ${error.params["limit"]}, not ${String(error.data)}`),
  maximum: (error, path) => limit(path, `must be at most ${error.params["limit"]}, not ${String(error.data)}`),
  uniqueItems: (error, path) => {
    const [first = 0, again = 0] = [Number(error.params["j"]), Number(error.params["i"])].toSorted((a, b) => a - b);
    const place = [...path, again];
    const message = `${placeName(place)} repeats ${placeName([...path, first])}`;
    return { code: "MF014", message, part: { path: place, part: "value" } };
  },
};

function unknownKey(error: ErrorObject, path: Path): Words {
  const name = String(error.params["additionalProperty"]);
  const known = propertiesOf(error);
  const present = isRecord(error.data) ? error.data : {};
  const meant = nearest(name, known);
  // A key that is there already was not misspelled.
  const free = meant !== undefined && !Object.hasOwn(present, meant);
  return {
    code: "MF010",
    message: `unknown key ${quoted(name)} in ${placeName(path)}`,
    hint: meant === undefined ? `known are ${known.join(", ")}` : `did you mean ${quoted(meant)}?`,
    unknownKey: { name, ...(free ? { nearest: meant } : {}) },
    part: { path: [...path, name], part: "key" },
  };
}

function missingKey(error: ErrorObject, path: Path): Words {
  const name = String(error.params["missingProperty"]);
  const message = `${quoted(name)} is missing in ${placeName(path)}`;
  return { code: "MF011", message, missingKeys: [name], part: { path: [...path, name], part: "key" } };
}

function wrongType(error: ErrorObject, path: Path, context: WordingContext): Words {
  const wanted = [error.schema].flat().map(String);
  const names = typesInWords(wanted);
  const hint = typeHint(wanted, error.data, path, context);
  const found = context.isPrivate(path) ? "that" : described(error.data);
  return {
    code: "MF012",
    message: `${placeName(path)} must be ${names}, not ${found}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function typeHint(
  wanted: readonly string[],
  data: unknown,
  path: Path,
  { at, isPrivate }: WordingContext,
): string | undefined {
  if (wanted.includes("array") && !isRecord(data) && data !== null) return "write a list: [ … ], or one - a line";
  if (wanted.includes("boolean") && typeof data === "string")
    return "YAML 1.2 knows only true and false, without quotes";
  if (wanted.includes("string") && (typeof data === "number" || typeof data === "boolean")) {
    const { text, column, length = 0 } = at(path);
    const spelled = text?.slice(column - 1, column - 1 + length) ?? String(data);
    return isPrivate(path) ? "put it in quotes" : `put it in quotes: "${spelled}"`;
  }
  if (wanted.some((type) => type === "integer" || type === "number") && typeof data === "string") {
    return "write the number without quotes";
  }
  return undefined;
}

function notAllowed(allowed: unknown, data: unknown, path: Path, context: WordingContext): Words {
  const values = Array.isArray(allowed) ? allowed.map(String) : [];
  const found = context.isPrivate(path) ? "that" : described(data);
  const meant = typeof data === "string" ? nearest(data, values) : undefined;
  const choice = values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
  return {
    code: "MF013",
    message: `${placeName(path)} must be ${choice}, not ${found}`,
    ...(meant === undefined ? {} : { hint: `did you mean ${quoted(meant)}?` }),
  };
}

/** "Exactly one of these keys", "at least one of these keys", or a thing of several forms whose form is unclear. */
function alternatives(error: ErrorObject, path: Path, context: WordingContext): Words {
  const branches = branchesOf(error, context.definitions);
  if (branches.length > 0) return unclearForm(error, path, context);
  const keys = Array.isArray(error.schema)
    ? error.schema.flatMap((branch: unknown) => (isRecord(branch) ? [branch["required"]].flat().map(String) : []))
    : [];
  return oneOfKeys(error.keyword === "oneOf" ? "exactly" : "at least", keys, error.data, path, context);
}

function unclearForm(error: ErrorObject, path: Path, context: WordingContext): Words {
  if (!isRecord(error.data)) {
    const found = context.isPrivate(path) ? "that" : described(error.data);
    return { code: "MF012", message: `${placeName(path)} must be a mapping, not ${found}` };
  }
  const branches = branchesOf(error, context.definitions);
  const types = branches.flatMap(({ type }) => type ?? []);
  if (types.length === 0)
    return oneOfKeys(
      "exactly",
      branches.flatMap(({ own }) => own.slice(0, 1)),
      error.data,
      path,
      context,
    );
  const place = [...path, "type"];
  if (error.data["type"] !== undefined) {
    return { ...notAllowed(types, error.data["type"], place, context), part: { path: place, part: "value" } };
  }
  const message = `"type" is missing in ${placeName(path)}`;
  const hint = `it is one of ${types.join(", ")}`;
  return { code: "MF011", message, hint, part: { path: place, part: "key" } };
}

function oneOfKeys(
  quantity: string,
  keys: readonly string[],
  data: unknown,
  path: Path,
  { at }: WordingContext,
): Words {
  const present = isRecord(data) ? keys.filter((key) => Object.hasOwn(data, key)) : [];
  const found = present.length === 0 ? "none" : present.map(quoted).join(" and ");
  const slips = isRecord(data) ? Object.keys(data).map((key) => nearest(key, keys)) : [];
  const meant = present.length === 0 ? slips.find((slip) => slip !== undefined) : undefined;
  return {
    code: "MF015",
    message: `${placeName(path)} needs ${quantity} one of ${keys.map(quoted).join(", ")}, but has ${found}`,
    ...(meant === undefined ? {} : { hint: `did you mean ${quoted(meant)}?` }),
    missingKeys: present.length === 0 ? keys : [],
    part: { path: present.length === 0 ? placeOfAbsence(keys, path, at) : path, part: "key" },
  };
}

/** The key that an overlay removed, if it was one; else the mapping that lacks them all. */
function placeOfAbsence(keys: readonly string[], path: Path, at: Locate): Path {
  const around = formatPlace(at(path, "key"));
  const removed = keys.map((key) => [...path, key]).find((place) => formatPlace(at(place, "key")) !== around);
  return removed ?? path;
}

/** What may stand in place of an instant, by format. */
const dateFormats: ReadonlyMap<unknown, string | undefined> = new Map([
  ["date-time", undefined],
  ["instant-or-never", "never"],
  ["instant-or-relative", relativeForms],
]);

function wrongForm(error: ErrorObject, path: Path, context: WordingContext): Words {
  const text = String(error.data);
  const shown = context.isPrivate(path) ? "" : `: ${quoted(text)}`;
  const format: unknown = error.params["format"];
  if (dateFormats.has(format)) return wrongDate(text, shown, dateFormats.get(format), path);
  return { code: "MF014", message: `${placeName(path)} has the wrong form${shown}`, hint: example(error, "") };
}

function wrongDate(text: string, shown: string, otherForms: string | undefined, path: Path): Words {
  if (readInstant(text).type === "no-zone") {
    const hint = "add Z for UTC, or an offset such as +02:00";
    return { code: "MF024", message: `${placeName(path)} has no zone${shown}`, hint };
  }
  if (otherForms === relativeForms && isTooFar(text)) {
    const hint = "at most +36500d, a hundred years, is allowed";
    return { code: "MF025", message: `${placeName(path)} is too far in the future${shown}`, hint };
  }
  const hint = `for example 2026-12-01T08:00:00Z${otherForms === undefined ? "" : `, or ${otherForms}`}`;
  return { code: "MF025", message: `${placeName(path)} is no date${shown}`, hint };
}

/** An example of what was wanted, from the schema. */
function example(error: ErrorObject, otherwise: string): string {
  const examples: unknown = error.parentSchema?.["examples"];
  const first: unknown = Array.isArray(examples) ? examples.find((value) => typeof value === "string") : undefined;
  return `for example ${typeof first === "string" ? first : otherwise}`;
}

function limit(path: Path, words: string): Words {
  return { code: "MF014", message: `${placeName(path)} ${words}` };
}

function tooShort(error: ErrorObject): string {
  return `must have at least ${count(Number(error.params["limit"]), "character")}`;
}

function propertiesOf(error: ErrorObject): string[] {
  const properties: unknown = error.parentSchema?.["properties"];
  return isRecord(properties) ? Object.keys(properties) : [];
}
