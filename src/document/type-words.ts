import { isRecord, type JsonValue } from "../core/json.ts";
import { yamlLine } from "../core/yaml-line.ts";

/** A schema, or a part of it. */
export type Schema = Readonly<Record<string, unknown>>;

/** What the schema's types are called, one and many. */
const nouns: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ["text", "texts"],
  integer: ["whole number", "whole numbers"],
  number: ["number", "numbers"],
  boolean: ["true or false", "true or false"],
  null: ["null", "null"],
  array: ["list", "lists"],
  object: ["mapping", "mappings"],
};

/** What texts of a format are called. */
const formats: Readonly<Record<string, readonly [one: string, many: string]>> = {
  "date-time": ["instant", "instants"],
  "instant-or-never": ["instant or never", "instants or never"],
  "instant-or-relative": ["instant or relative time", "instants or relative times"],
  uuid: ["GUID", "GUIDs"],
};

/** The type of a resolved schema in words: `list of texts`, `whole number or text`. */
export function typeWords(schema: Schema, number: 0 | 1 = 0): string {
  return [...new Set(words(schema, number))].join(" or ");
}

/** All values that a resolved schema allows, as YAML has them, where it counts them up; of a list, its entries'. */
export function valuesOf(schema: Schema): string[] {
  if (schema["const"] !== undefined) return [yamlLine(schema["const"] as JsonValue)];
  if (Array.isArray(schema["enum"])) return schema["enum"].map((value) => yamlLine(value as JsonValue));
  return schema["type"] === "array" && isRecord(schema["items"]) ? valuesOf(schema["items"]) : [];
}

function words(schema: Schema, number: 0 | 1): string[] {
  const alternatives = [schema["oneOf"], schema["anyOf"]].flatMap((branch) => (Array.isArray(branch) ? branch : []));
  const typed = alternatives.filter((branch: unknown): branch is Schema => isRecord(branch) && hasType(branch));
  if (typed.length > 0) return typed.flatMap((branch) => words(branch, number));
  const value: unknown = schema["const"] ?? (Array.isArray(schema["enum"]) ? schema["enum"][0] : undefined);
  const types = value === undefined ? [schema["type"] ?? "anything"].flat().map(String) : [typeof value];
  return types.map((type) => {
    const noun = (type === "string" ? textNoun(schema) : nouns[type])?.[number] ?? type;
    const members = type === "array" ? schema["items"] : freeMembers(schema);
    return (type === "array" || type === "object") && isRecord(members) ? `${noun} of ${membersWords(members)}` : noun;
  });
}

function textNoun(schema: Schema): readonly [one: string, many: string] | undefined {
  if (isDuration(schema)) return ["duration", "durations"];
  const format = schema["format"];
  return (typeof format === "string" ? formats[format] : undefined) ?? nouns["string"];
}

/** True for texts such as 30m; their pattern says no more than that. */
export function isDuration({ pattern }: Schema): boolean {
  return typeof pattern === "string" && pattern.endsWith("(ms|s|m|h|d)$");
}

/** What stands under names of the user's own, where there are no others. */
function freeMembers(schema: Schema): unknown {
  const members = schema["additionalProperties"];
  return schema["properties"] === undefined && isRecord(members) && hasType(members) ? members : undefined;
}

function membersWords(members: Schema): string {
  const found = [...new Set(words(members, 1))];
  return found.length > 2 ? "plain values" : found.join(" or ");
}

function hasType(schema: Schema): boolean {
  return ["type", "const", "enum", "oneOf", "anyOf", "properties"].some((keyword) => schema[keyword] !== undefined);
}
