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

/**
 * A document in pieces that are together what `jsonText` makes of it: one of its lists is made while it is written.
 * `shell` is the document with that list empty, `name` the list's, `elements` what is in it, each in pieces, too.
 */
export function* jsonAround(shell: JsonObject, name: string, elements: Iterable<Iterable<string>>): Generator<string> {
  const text = JSON.stringify(shell, null, 2);
  const empty = `\n  ${JSON.stringify(name)}: [`; // a line feed within a text is escaped, and members within members stand deeper
  const at = text.indexOf(`${empty}]`) + empty.length;
  yield text.slice(0, at);
  let isFirst = true;
  for (const element of elements) {
    yield isFirst ? "\n" : ",\n";
    isFirst = false;
    yield* indented(element);
  }
  yield (isFirst ? "" : "\n  ") + text.slice(at);
}

/** An element of a list that is a member of a document: two steps deeper. */
function* indented(pieces: Iterable<string>): Generator<string> {
  const step = " ".repeat(4);
  let isFirst = true;
  for (const piece of pieces) {
    yield (isFirst ? step : "") + piece.replaceAll("\n", `\n${step}`);
    isFirst = false;
  }
}

/** Pieces of JSON as they are printed: what `jsonText` makes of the whole. */
export function* jsonPieces(pieces: Iterable<string>): Generator<string> {
  for (const piece of pieces) yield harmlessJson(piece);
  yield "\n";
}
