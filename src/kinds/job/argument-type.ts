import { isRecord, type JsonValue } from "../../core/json.ts";
import type { Path } from "../../core/locate.ts";

/** What JSON must look like to become a .NET value. */
export type ArgumentType =
  | { readonly is: "text" | "boolean" | "number" | "date" }
  | { readonly is: "integer"; readonly least: number; readonly most: number }
  /** `of` undefined: members are not judged. */
  | { readonly is: "list" | "mapping"; readonly of: ArgumentType | undefined };

/** One value that does not fit: where within the argument, and what it must be. Never quotes the value. */
export interface Misfit {
  readonly path: Path;
  readonly must: string;
  readonly hint?: string;
}

/**
 * Reads a type name as `Release.Arguments` has it, assembly and all: `System.Int32, mscorlib, Version=4.0.0.0, …`,
 * `System.String[], …`, ``System.Collections.Generic.List`1[[System.String, mscorlib, …]], …``. Undefined for types
 * whose form in JSON no source gives: they are not judged.
 */
export function readArgumentType(text: string): ArgumentType | undefined {
  const name = beforeAssembly(text);
  if (name.endsWith("[]")) return { is: "list", of: readArgumentType(name.slice(0, -2)) };
  const [, generic = "", inner = ""] = /^([\w.]+`\d)\[(.*)\]$/.exec(name) ?? [];
  if (generic === "") return Object.hasOwn(plainTypes, name) ? plainTypes[name] : undefined;
  const parameters = typeParameters(inner);
  if (generic === "System.Nullable`1") return readArgumentType(parameters[0] ?? "");
  if (lists.has(generic)) return { is: "list", of: readArgumentType(parameters[0] ?? "") };
  if (mappings.has(generic)) return { is: "mapping", of: readArgumentType(parameters[1] ?? "") };
  return undefined;
}

/** Every value that does not fit. Null fits everywhere: what the server makes of it is not known. */
export function misfits(value: JsonValue, type: ArgumentType | undefined, path: Path = []): Misfit[] {
  if (type === undefined || value === null) return [];
  switch (type.is) {
    case "text":
      return typeof value === "string" ? [] : [{ path, must: "be text", ...quotesHint(value) }];
    case "boolean":
      return typeof value === "boolean" ? [] : [{ path, must: "be true or false" }];
    case "number":
      return typeof value === "number" ? [] : [{ path, must: "be a number", ...noQuotesHint(value) }];
    case "integer":
      return integerMisfits(value, type, path);
    case "date":
      return dateMisfits(value, path);
    case "list":
      if (!Array.isArray(value)) return [{ path, must: "be a list" }];
      return value.flatMap((member: JsonValue, index) => misfits(member, type.of, [...path, index]));
    case "mapping":
      if (!isRecord(value)) return [{ path, must: "be a mapping" }];
      return Object.entries(value).flatMap(([key, member]) => misfits(member, type.of, [...path, key]));
  }
}

function integerMisfits(
  value: JsonValue,
  { least, most }: Extract<ArgumentType, { readonly is: "integer" }>,
  path: Path,
): Misfit[] {
  if (typeof value === "string" && /^[-+]?0\d+$/.test(value)) {
    return [{ path, must: "be a whole number", hint: leadingZeros }];
  }
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return [{ path, must: "be a whole number", ...noQuotesHint(value) }];
  }
  return value < least || value > most ? [{ path, must: `be from ${least} to ${most}` }] : [];
}

/** Jobs requests, 2022.10. */
const leadingZeros = "Orchestrator alters integers with leading zeros: 0065 becomes 53. Write it without them";

/** Which spellings of a date the server reads is not known: only text can be one, and no day of February is the 30th. */
function dateMisfits(value: JsonValue, path: Path): Misfit[] {
  const misfit = { path, must: "be a date", hint: "for example 2026-12-01T08:00:00Z" };
  if (typeof value !== "string") return [misfit];
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(value) ?? [];
  if (year === undefined) return [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) ? [] : [misfit];
}

function quotesHint(value: JsonValue): { readonly hint?: string } {
  return typeof value === "object" ? {} : { hint: "put it in quotes" };
}

function noQuotesHint(value: JsonValue): { readonly hint?: string } {
  return typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))
    ? { hint: "write the number without quotes" }
    : {};
}

const plainTypes: Readonly<Record<string, ArgumentType>> = {
  "System.String": { is: "text" },
  "System.Boolean": { is: "boolean" },
  "System.Byte": { is: "integer", least: 0, most: 2 ** 8 - 1 },
  "System.SByte": { is: "integer", least: -(2 ** 7), most: 2 ** 7 - 1 },
  "System.Int16": { is: "integer", least: -(2 ** 15), most: 2 ** 15 - 1 },
  "System.UInt16": { is: "integer", least: 0, most: 2 ** 16 - 1 },
  "System.Int32": { is: "integer", least: -(2 ** 31), most: 2 ** 31 - 1 },
  "System.UInt32": { is: "integer", least: 0, most: 2 ** 32 - 1 },
  // A manifest holds no number that would lose digits.
  "System.Int64": { is: "integer", least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER },
  "System.UInt64": { is: "integer", least: 0, most: Number.MAX_SAFE_INTEGER },
  "System.Single": { is: "number" },
  "System.Double": { is: "number" },
  "System.Decimal": { is: "number" },
  "System.DateTime": { is: "date" },
  "System.DateTimeOffset": { is: "date" },
};

const collections = "System.Collections.Generic.";
const lists: ReadonlySet<string> = new Set(
  ["List`1", "IList`1", "IEnumerable`1", "ICollection`1", "IReadOnlyList`1", "IReadOnlyCollection`1"].map(
    (name) => collections + name,
  ),
);
const mappings: ReadonlySet<string> = new Set(
  ["Dictionary`2", "IDictionary`2", "IReadOnlyDictionary`2"].map((name) => collections + name),
);

/** What stands before the first comma that is in no brackets. */
function beforeAssembly(text: string): string {
  return (splitOutside(text)[0] ?? "").trim();
}

/** `[A, asm],[B, asm]` as `A, asm` and `B, asm`; one without an assembly may stand without brackets. */
function typeParameters(text: string): string[] {
  return splitOutside(text).map((part) => /^\[(.*)\]$/.exec(part.trim())?.[1] ?? part.trim());
}

/** Parts between commas that are in no brackets. */
function splitOutside(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "[") depth++;
    if (character === "]") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + character);
  }
  return parts;
}
