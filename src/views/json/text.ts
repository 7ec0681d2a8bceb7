import type { JsonObject, JsonValue } from "../../core/json.ts";

/**
 * What JSON allows as it is and a terminal or a log would obey or hide. Line feeds are ours: they stand between
 * members, those within texts are escaped already.
 */
const unsafe: RegExp = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{3164}\u{FFA0}]--\n]/gv;

/**
 * A document as text with a line feed at its end. Hidden and direction characters are written as `\uXXXX`, and so is
 * the `##` of what a CI system would take for a command: the text is harmless where it is printed, the values are exact.
 */
export function jsonText(document: JsonObject | readonly JsonValue[]): string {
  return harmless(JSON.stringify(document, null, 2));
}

/** The same on one line: NDJSON. */
export function jsonLine(document: JsonObject): string {
  return harmless(JSON.stringify(document));
}

function harmless(text: string): string {
  return `${text.replace(unsafe, escaped).replace(/##(?=\w*\[)/g, String.raw`\u0023\u0023`)}\n`;
}

function escaped(character: string): string {
  let text = "";
  for (let unit = 0; unit < character.length; unit++) {
    text += `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`;
  }
  return text;
}
