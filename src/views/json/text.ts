import type { JsonObject, JsonValue } from "../../core/json.ts";
import { harmlessJson } from "../../core/text.ts";

/** A document as text with a line feed at its end: harmless where it is printed, and exact. */
export function jsonText(document: JsonObject | readonly JsonValue[]): string {
  return `${harmlessJson(JSON.stringify(document, null, 2))}\n`;
}

/** The same on one line: NDJSON. */
export function jsonLine(document: JsonObject): string {
  return `${harmlessJson(JSON.stringify(document))}\n`;
}
