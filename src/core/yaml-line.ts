import { isRecord, type JsonValue } from "./json.ts";

/** A value as one line of YAML, the way a person would write it: `{ team: finance }`, `[Email]`, `"20%"`. */
export function yamlLine(value: JsonValue): string {
  if (typeof value === "string") return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((entry: JsonValue) => yamlLine(entry)).join(", ")}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.entries(value as Readonly<Record<string, JsonValue>>);
  if (members.length === 0) return "{}";
  return `{ ${members.map(([name, member]) => `${yamlLine(name)}: ${yamlLine(member)}`).join(", ")} }`;
}

/** True for texts that YAML takes for nothing but text, inside brackets too. */
function isPlain(text: string): boolean {
  const word = /^[A-Za-z][\w@./-]*(?: [A-Za-z][\w@./-]*)*$/; // no colon, comma, bracket, quote or #
  const durationOrInstant = /^(?:[1-9]\d*(?:ms|[smhd])|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/;
  const otherMeaning = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
  return (word.test(text) || durationOrInstant.test(text)) && !otherMeaning.test(text);
}
