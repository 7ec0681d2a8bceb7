import { parseAllDocuments, type Document, type YAMLParseError, type YAMLWarning } from "yaml";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { DiagnosticCode } from "../core/diagnostic-codes.ts";
import type { JsonValue } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import type { SourceSpan } from "../core/source.ts";
import { flatter, maxDepth, toPlain } from "./plain.ts";
import { Positions, TextLines, type Hidden } from "./positions.ts";

/** One YAML document as plain data. */
export interface YamlDocument {
  readonly value: JsonValue;
  /** What the value was made of: the document as written, then each patch over it. */
  readonly layers: readonly JsonValue[];
  /** Positions of everything in it. `hidden` names values whose lines no excerpt shows. */
  readonly locate: (hidden?: Hidden) => Locate;
  /** Where the document begins. */
  readonly start: SourceSpan;
}

export interface ParsedText {
  /** Documents that were understood, if perhaps not wholly: whatever was not has a diagnostic. */
  readonly documents: readonly YamlDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

const tooDeep = `more than ${maxDepth} levels of nesting`;
/** Findings that leave enough to look at, so that all mistakes are told at once. */
const minor: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>(["MF004", "MF006", "MF041", "MF049"]);

/** After the first mistakes a parser mostly stumbles over its own guesses. */
const maxSyntaxErrors = 3;

/** Parses YAML 1.2 (core schema) with any number of documents. Never throws. */
export function parseYaml(text: string, file: string): ParsedText {
  const lines = new TextLines(text, file);
  const parsed = parse(text);
  if (parsed === undefined) {
    return {
      documents: [],
      diagnostics: [{ code: "MF005", severity: "error", message: tooDeep, hint: flatter, source: lines.place(0) }],
    };
  }
  const documents: YamlDocument[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const document of parsed) {
    const found = problems(document, lines);
    const plain = found.length === 0 && document.contents !== null ? toPlain(document, lines) : undefined;
    for (const diagnostic of plain?.diagnostics ?? found) diagnostics.push(diagnostic);
    const usable = plain?.diagnostics.every(({ code }) => minor.has(code)) ?? false;
    if (plain !== undefined && usable) documents.push(asDocument(document, plain.value, lines));
  }
  return { documents, diagnostics };
}

function asDocument(document: Document, value: JsonValue, lines: TextLines): YamlDocument {
  const root: Path = [];
  const locate = (hidden: Hidden = () => []): Locate => new Positions(document, lines, () => hidden(value)).locate;
  return { value, layers: [value], locate, start: locate()(root, "place") };
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
    found.push({ code: codeOf(problem), severity: "error", ...wording(problem, source), source });
  }
  return found;
}

function codeOf(problem: YAMLParseError | YAMLWarning): "MF003" | "MF005" {
  return problem.code === "TAG_RESOLVE_FAILED" || problem.code === "RESOURCE_EXHAUSTION" ? "MF005" : "MF003";
}

/** The parser's own words, as one line of ours; of a tab, which nobody sees, what to do about it. */
function wording(
  { code, message }: YAMLParseError | YAMLWarning,
  { text = "" }: SourceSpan,
): Pick<Diagnostic, "message" | "hint"> {
  if (code === "RESOURCE_EXHAUSTION") return { message: tooDeep, hint: flatter };
  if (code === "TAG_RESOLVE_FAILED")
    return { message: "a tag has no meaning here", hint: "write the value without it" };
  if (code === "TAB_AS_INDENT") return { message: "a tab is not allowed as indentation", hint: blanksForTabs };
  const [line = ""] = message.split("\n");
  const words = line.trim().replace(/[.:]$/, "");
  const hint = /^ *\t/.test(text) ? { hint: `this line is indented with a tab: ${blanksForTabs}` } : {};
  return { message: `${words.charAt(0).toLowerCase()}${words.slice(1)}`, ...hint };
}

const blanksForTabs = "put blanks in its place";
