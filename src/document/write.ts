import { Document, isScalar, Scalar, visit } from "yaml";
import type { JsonValue } from "../core/json.ts";
import type { Path } from "../core/locate.ts";
import { breakCiCommands, escapeInvisible } from "../core/text.ts";

/** What stands in the place of a value; undefined: the value itself. Its text is written as it is, `${` included. */
export type Instead = (path: Path) => string | undefined;

/**
 * Documents as YAML, `---` between them. Read again they have the same values: a literal `${` is written as `$${`, and
 * texts that some YAML reader would take for something else are in quotes, no, 012 and 1e3 among them. Characters that
 * cannot be seen, and what a CI system would take for a command, are escaped as YAML escapes them.
 */
export function writeYaml(documents: readonly JsonValue[], instead: readonly Instead[] = []): string {
  return documents.map((value, index) => writeDocument(value, instead[index] ?? (() => undefined))).join("---\n");
}

function writeDocument(value: JsonValue, instead: Instead): string {
  const document = new Document(withReferences(value, [], instead), {
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

/** `$${` is read as `${`; the form of a reference is the one that `resolveValues` looks for. */
function withReferences(value: JsonValue, path: Path, instead: Instead): JsonValue {
  const other = instead(path);
  if (other !== undefined) return other;
  if (typeof value === "string") return value.replace(/\$\{[^}]*\}?/g, (reference) => `$${reference}`);
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index) => withReferences(item, [...path, index], instead));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withReferences(member, [...path, name], instead)]),
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
