import { Document, isScalar, Scalar, visit } from "yaml";
import type { JsonValue } from "../core/json.ts";
import type { Path } from "../core/locate.ts";
import { escapeReferences } from "./references.ts";
import { breakCiCommands, escapeInvisible } from "../core/text.ts";

/** A text in the place of a value, or true for its own: written as it is, `${` included. Undefined for all others. */
export type AsIs = (path: Path) => string | true | undefined;

/**
 * Documents as YAML, `---` between them. Read again they have the same values: a literal `${` is written as `$${`, and
 * texts that some YAML reader would take for something else are in quotes, no, 012 and 1e3 among them. Characters that
 * cannot be seen, and what a CI system would take for a command, are escaped as YAML escapes them.
 */
export function writeYaml(documents: readonly JsonValue[], asIs: readonly AsIs[] = []): string {
  return documents.map((value, index) => writeDocument(value, asIs[index] ?? (() => undefined))).join("---\n");
}

function writeDocument(value: JsonValue, asIs: AsIs): string {
  const document = new Document(withReferences(value, [], asIs), {
    version: "1.2",
    schema: "core",
    compat: "yaml-1.1",
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === "string" && !isPlain(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  // Nothing is folded: line breaks then are either ours or those of a text that has nothing to hide.
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return text.replace(invisible, escaped).replace(/##(?=\w*\[)/g, String.raw`\u0023\u0023`);
}

/** `$${` is read as `${`. */
function withReferences(value: JsonValue, path: Path, asIs: AsIs): JsonValue {
  const other = asIs(path);
  if (other !== undefined) return other === true ? value : other;
  if (typeof value === "string") return escapeReferences(value);
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index) => withReferences(item, [...path, index], asIs));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withReferences(member, [...path, name], asIs)]),
  );
}

/** What is escaped can only stand in double quotes, and so do line breaks beside it. */
function isPlain(text: string): boolean {
  const lines = text.replaceAll("\n", "");
  return escapeInvisible(lines) === lines && breakCiCommands(text) === text;
}

/** What `escapeInvisible` escapes, line feeds aside. */
const invisible: RegExp = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{3164}\u{FFA0}]--\n]/gv;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? String.raw`\U${hex.padStart(8, "0")}` : String.raw`\u${hex.padStart(4, "0")}`;
}
