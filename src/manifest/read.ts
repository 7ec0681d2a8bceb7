import { withoutExcerpt, type Diagnostic } from "../core/diagnostic.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import { parseYaml, type YamlDocument } from "../document/parse.ts";
import { decodeText, readTextFile, type ReadText } from "../document/read.ts";
import { discoverFiles, type Boundary, type FoundFile } from "./discover.ts";

export interface ReadOptions extends Boundary {
  /** Where relative paths begin, and what shown paths are relative to. */
  readonly cwd: string;
  /** Needed when `-` is among the paths. */
  readonly readStdin?: () => Promise<Uint8Array | string>;
}

/** One file's documents, as they are written. */
interface ReadFile extends FoundFile {
  readonly documents: readonly YamlDocument[];
}

export interface ReadFiles {
  readonly files: readonly ReadFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** As many as validate in a moment; what is larger belongs into a source, which is read as a stream. */
const maxItems = 20_000;

const useSource = "put the items into a CSV or NDJSON file and name it in spec.source";

/** Every document that paths lead to. */
export async function readFiles(paths: readonly string[], options: ReadOptions): Promise<ReadFiles> {
  const { files, diagnostics: unread } = await discoverFiles(paths, options.cwd, options);
  const read: ReadFile[] = [];
  const diagnostics: Diagnostic[] = [...unread];
  for (const file of files) {
    const found = await readFile(file, options);
    read.push({ ...file, documents: found.documents });
    for (const diagnostic of found.diagnostics) diagnostics.push(diagnostic);
  }
  return { files: read, diagnostics };
}

async function readFile(
  found: FoundFile,
  options: ReadOptions,
): Promise<{ readonly documents: readonly YamlDocument[]; readonly diagnostics: readonly Diagnostic[] }> {
  const read = found.path === "-" ? await readInput(options) : await readTextFile(found.path);
  if (read.type !== "text") return { documents: [], diagnostics: [unreadable(found.file, read)] };
  const { documents, diagnostics } = parseYaml(read.text, found.file);
  // Where a text is not understood, nobody knows which of its lines are sensitive.
  const shown = /\bsensitive\b/.test(read.text) ? diagnostics.map(withoutExcerpt) : diagnostics;
  return { documents, diagnostics: [...shown, ...tooManyItems(documents)] };
}

async function readInput({ readStdin }: ReadOptions): Promise<ReadText> {
  const input = (await readStdin?.()) ?? "";
  return decodeText(typeof input === "string" ? new TextEncoder().encode(input) : input);
}

function unreadable(file: string, read: Exclude<ReadText, { readonly type: "text" }>): Diagnostic {
  if (read.type === "too-large") {
    const source = { file, line: 1, column: 1 };
    const hint = `${useSource}, or split the file`;
    return { code: "MF002", severity: "error", message: "the file is larger than 5 MB", hint, source };
  }
  const source = { file, line: read.line ?? 1, column: read.column ?? 1 };
  return { code: "MF001", severity: "error", message: `the file ${read.reason}`, source };
}

/** Told once, at the list that goes beyond. */
function tooManyItems(documents: readonly YamlDocument[]): Diagnostic[] {
  let count = 0;
  for (const { value, locate } of documents) {
    const items = itemCount(value);
    count += items;
    if (items === 0 || count <= maxItems) continue;
    const message = "the file holds more than 20,000 queue items";
    const hint = `${useSource}, or spread them over several files`;
    const source = locate()(["spec", "items"], "key");
    return [withoutExcerpt({ code: "MF040", severity: "error", message, hint, source })];
  }
  return [];
}

function itemCount(value: JsonValue): number {
  const spec = isRecord(value) ? value["spec"] : undefined;
  const items = isRecord(spec) ? spec["items"] : undefined;
  return Array.isArray(items) ? items.length : 0;
}
