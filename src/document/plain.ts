import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Node, type Scalar, type YAMLMap } from "yaml";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { DiagnosticCode } from "../core/diagnostic-codes.ts";
import type { JsonValue } from "../core/json.ts";
import { losesDigits } from "./numbers.ts";
import type { TextLines } from "./positions.ts";

/** Deeper data has no use here, and would end the stack of whoever walks it. */
export const maxDepth = 64;
/** What to do about it. */
export const flatter = "store what is nested so deeply as JSON text";
/** UTF-8 has no bytes for a lone surrogate: what is sent instead would never be found again. */
export const halfCharacter: { readonly message: string; readonly hint: string } = {
  message: "half a character (a lone surrogate) cannot be sent",
  hint: "write both halves, such as \\ud83d\\ude00, or leave it out",
};
const plainly = "write the data out where it is used";
/** How many values all aliases of a document may stand for together. */
const maxAliased = 100_000;

/** The plain data of one document, with everything in it that is not plain. */
export function toPlain(
  document: Document,
  lines: TextLines,
): { readonly value: JsonValue; readonly diagnostics: readonly Diagnostic[] } {
  const converter = new Converter(lines);
  return { value: converter.convert(document.contents, 0), diagnostics: converter.diagnostics };
}

class Converter {
  readonly diagnostics: Diagnostic[] = [];
  readonly #lines: TextLines;
  readonly #inside = new Set<Node>();
  /** Anchors passed so far; an alias means the last one of its name. */
  readonly #anchors = new Map<string, Node>();
  #aliased = 0;
  #aliases = 0;

  constructor(lines: TextLines) {
    this.#lines = lines;
  }

  convert(node: Node | null, depth: number): JsonValue {
    if (this.#aliases > 0 && ++this.#aliased > maxAliased) return null; // reported below, once
    if (node === null) return null;
    if (depth > maxDepth) {
      return this.#refuse("MF005", node, `more than ${maxDepth} levels of nesting`, { hint: flatter });
    }
    if (isAlias(node)) return this.#alias(node, depth);
    if ((isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined)
      this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node);
    this.#inside.add(node);
    const value = isSeq(node)
      ? node.items.map((item) => this.convert(item as Node | null, depth + 1))
      : isMap(node)
        ? this.#map(node, depth)
        : null;
    this.#inside.delete(node);
    return value;
  }

  #map(map: YAMLMap, depth: number): JsonValue {
    const record: Record<string, JsonValue> = {};
    const first = new Map<string, Node>();
    for (const { key, value } of map.items) {
      const name = this.#key(key as Node | null, map);
      if (name === undefined) continue;
      if (!name.isWellFormed()) this.#refuseHalf(key as Node);
      const before = first.get(name);
      if (before !== undefined) {
        const line = this.#lines.lineAt(before.range?.[0] ?? 0);
        this.#refuse("MF004", key as Node, `key ${JSON.stringify(name)} occurs twice`, {
          remark: `first in line ${line}`,
          hint: "remove or rename one of them",
        });
        continue;
      }
      first.set(name, key as Node);
      record[name] = this.convert(value as Node | null, depth + 1);
    }
    return record;
  }

  #key(key: Node | null, map: YAMLMap): string | undefined {
    if (isScalar(key) && typeof key.value === "string" && key.value !== "__proto__") return key.value;
    if (isScalar(key) && key.value === "__proto__") {
      this.#refuse("MF005", key, 'the key "__proto__" is not allowed', { hint: "rename it" });
    } else if (isScalar(key) && key.source !== undefined && key.source !== "") {
      const hint = `put it in quotes: "${key.source}"`;
      this.#refuse("MF005", key, `the key ${key.source} is no text`, { hint });
    } else {
      this.#refuse("MF005", key ?? map, "a key is no text", { hint: "write it as text, in quotes" });
    }
    return undefined;
  }

  #scalar(scalar: Scalar): JsonValue {
    const { value, source } = scalar;
    if (typeof value === "number") {
      const refusal = this.#numberProblem(source ?? String(value), value);
      if (refusal === undefined) return value;
      // It may be a card number or a password: the excerpt, which is left out there, shows it, and not the words.
      this.#refuse(refusal.code, scalar, refusal.message, { hint: refusal.hint });
      return source ?? null; // as text it is likely what was meant, and no second complaint comes of it
    }
    if (typeof value === "string" && !value.isWellFormed()) this.#refuseHalf(scalar);
    return typeof value === "string" || typeof value === "boolean" || value === null ? value : null;
  }

  #refuseHalf(node: Node): void {
    this.#refuse("MF049", node, halfCharacter.message, { hint: halfCharacter.hint });
  }

  #numberProblem(
    source: string,
    value: number,
  ): { readonly code: "MF006" | "MF041"; readonly message: string; readonly hint: string } | undefined {
    // `007` is 7 by YAML 1.2 and octal by YAML 1.1, and whoever writes it means neither.
    if (/^[-+]?0\d/.test(source)) {
      const hint = "put it in quotes if it is an identifier, else write it without the zero";
      return { code: "MF041", message: "the number begins with a zero, which would be lost", hint };
    }
    if (!losesDigits(source, value)) return undefined;
    const hint = "put it in quotes if it is an identifier, else write fewer digits";
    return { code: "MF006", message: "the number has more digits than can be kept", hint };
  }

  #alias(alias: Alias, depth: number): JsonValue {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) return null; // the parser has reported it
    if (this.#inside.has(target)) {
      return this.#refuse("MF005", alias, `the alias *${alias.source} contains itself`, { hint: plainly });
    }
    const before = this.#aliased;
    this.#aliases++;
    const value = this.convert(target, depth);
    this.#aliases--;
    if (this.#aliases > 0 || before > maxAliased || this.#aliased <= maxAliased) return value;
    const message = `up to here, aliases stand for more than ${maxAliased.toLocaleString("en-US")} values`;
    return this.#refuse("MF005", alias, message, { hint: plainly });
  }

  #refuse(
    code: DiagnosticCode,
    node: Node,
    message: string,
    more: { readonly hint?: string; readonly remark?: string } = {},
  ): null {
    const [from, to] = node.range ?? [0, 0];
    this.diagnostics.push({ code, severity: "error", message, ...more, source: this.#lines.span(from, to) });
    return null;
  }
}
