import { parseAllDocuments, type Document, type YAMLParseError, type YAMLWarning } from "yaml";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { JsonValue } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import type { SourceSpan } from "../core/source.ts";
import { maxDepth, toPlain, type ValueDiagnostic } from "./plain.ts";
import { Positions, TextLines, type Hidden } from "./positions.ts";

/** One YAML document as plain data. */
export interface YamlDocument {
  readonly value: JsonValue;
  /** Positions of everything in it. `hidden` names values whose lines no excerpt shows. */
  locate(hidden?: Hidden): Locate;
  /** Where the document begins. */
  readonly start: SourceSpan;
}

export interface ParsedText {
  /** Documents that were understood, if perhaps not wholly: whatever was not has a diagnostic. */
  readonly documents: readonly YamlDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

const tooDeep = `more than ${maxDepth} levels of nesting`;

/** After the first mistakes a parser mostly stumbles over its own guesses. */
const maxSyntaxErrors = 3;

/** Paths of values that no output shows, as far as the document itself says so. */
export type HiddenIn = (value: JsonValue) => readonly Path[];

/** Parses YAML 1.2 (core schema) with any number of documents. Never throws. */
export function parseYaml(text: string, file: string, hiddenIn: HiddenIn = () => []): ParsedText {
  const lines = new TextLines(text, file);
  const parsed = parse(text);
  if (parsed === undefined) {
    return {
      documents: [],
      diagnostics: [{ code: "MF005", severity: "error", message: tooDeep, source: lines.place(0) }],
    };
  }
  const documents: YamlDocument[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const document of parsed) {
    const found = problems(document, lines);
    const plain = found.length === 0 && document.contents !== null ? toPlain(document, lines) : undefined;
    const told = plain === undefined ? found : discreet(plain.diagnostics, () => hiddenIn(plain.value).length > 0);
    for (const diagnostic of told) diagnostics.push(diagnostic);
    // A key too many or a number too long leaves enough to look at, so that all mistakes are told at once.
    const usable = plain?.diagnostics.every(({ code }) => code === "MF004" || code === "MF006") ?? false;
    if (plain !== undefined && usable) documents.push(asDocument(document, plain.value, lines));
  }
  return { documents, diagnostics };
}

/** Where a document hides values, what is wrong with one of them must not be shown: any of these lines may hold one. */
function discreet(diagnostics: readonly ValueDiagnostic[], hides: () => boolean): Diagnostic[] {
  if (diagnostics.length === 0) return [];
  const isHiding = hides();
  return diagnostics.map(({ quiet, ...diagnostic }) => {
    if (!isHiding || diagnostic.source === undefined) return diagnostic;
    const { text: _text, ...source } = diagnostic.source;
    const { hint: _hint, ...rest } = diagnostic;
    return quiet === undefined ? { ...diagnostic, source } : { ...rest, ...quiet, source };
  });
}

function asDocument(document: Document, value: JsonValue, lines: TextLines): YamlDocument {
  const root: Path = [];
  const locate = (hidden?: Hidden): Locate => new Positions(document, lines, hidden).locate;
  return { value, locate, start: locate()(root, "place") };
}

function parse(text: string): readonly Document[] | undefined {
  try {
    const options = { version: "1.2", schema: "core", merge: false, resolveKnownTags: false } as const;
    // The parser's own look for duplicate keys compares each with each; `toPlain` does it with a map.
    const documents = parseAllDocuments(text, {
      ...options,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    if (error instanceof RangeError) return undefined; // the stack: nested too deeply
    throw error;
  }
}

function problems(document: Document, lines: TextLines): Diagnostic[] {
  const seen = new Set<number>();
  const found: Diagnostic[] = [];
  for (const problem of [...document.errors, ...document.warnings]) {
    const source = lines.span(...problem.pos);
    if (seen.has(source.line) || found.length === maxSyntaxErrors) continue;
    seen.add(source.line);
    found.push({ code: codeOf(problem), severity: "error", message: wording(problem), source });
  }
  return found;
}

function codeOf(problem: YAMLParseError | YAMLWarning): "MF003" | "MF005" {
  return problem.code === "TAG_RESOLVE_FAILED" || problem.code === "RESOURCE_EXHAUSTION" ? "MF005" : "MF003";
}

/** The parser's own words, as one line of ours. */
function wording({ code, message }: YAMLParseError | YAMLWarning): string {
  if (code === "RESOURCE_EXHAUSTION") return tooDeep;
  const [line = ""] = message.split("\n");
  const text = line.trim().replace(/[.:]$/, "");
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
