import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";

/** One thing that is wrong with a file of the emulator's. */
export interface DocumentProblem {
  readonly message: string;
  /** Where in the document, as a JSON pointer; empty for the whole of it. */
  readonly pointer: string;
  /** From 1; undefined for a document that was given as an object. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** A file that cannot be used. All problems found are in `problems`; the message shows them with their places. */
export class DocumentFileError extends Error {
  override readonly name: string = "DocumentFileError";
  readonly file: string | undefined;
  readonly problems: readonly DocumentProblem[];

  /** `what` stands for the file in the message where there is none. */
  constructor(what: string, file: string | undefined, problems: readonly DocumentProblem[]) {
    super(problems.map((problem) => describe(file ?? what, problem)).join("\n"));
    this.file = file;
    this.problems = problems;
  }
}

/** What problems of a kind of document are thrown as. */
type Fail = (file: string | undefined, problems: readonly DocumentProblem[]) => DocumentFileError;

/** A document that has passed its schema, and how to say where in it something is wrong. */
export interface LoadedDocument<Value> {
  readonly document: Value;
  readonly error: (pointer: string, message: string) => DocumentFileError;
}

/** A kind of document: its schema, and the error for files that are none. */
export interface DocumentKind {
  readonly schema: URL;
  readonly fail: Fail;
}

/** Reads a YAML or JSON file; what is wrong with it is thrown, with line and column. */
export function loadFile<Value>(kind: DocumentKind, file: string): LoadedDocument<Value> {
  return loadText(kind, readText(kind, file), file);
}

/** Reads YAML or JSON text. */
export function loadText<Value>(kind: DocumentKind, text: string, file?: string): LoadedDocument<Value> {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = yaml.errors.map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return { message, pointer: "", line, column: col };
  });
  if (problems.length > 0) throw kind.fail(file, problems);
  return check(kind, yaml.toJS(), file, (pointer, part) => placeOf(yaml, lines, pointer, part));
}

/** Checks a document that was given as an object. */
export function loadObject<Value>(kind: DocumentKind, value: unknown): LoadedDocument<Value> {
  return check(kind, value, undefined, () => ({ line: undefined, column: undefined }));
}

type Place = Pick<DocumentProblem, "line" | "column">;
/** Of a member of a mapping, its name or its value. */
type Part = "key" | "value";

function check<Value>(
  kind: DocumentKind,
  value: unknown,
  file: string | undefined,
  place: (pointer: string, part: Part) => Place,
): LoadedDocument<Value> {
  const validate = validator(kind.schema);
  if (!validate(value)) {
    const problems = (validate.errors ?? []).map((error) => {
      const pointer = pointerOf(error);
      const part = error.keyword === "additionalProperties" ? "key" : "value";
      return Object.assign(place(pointer, part), { message: messageOf(error), pointer });
    });
    throw kind.fail(file, problems);
  }
  const error = (pointer: string, message: string): DocumentFileError =>
    kind.fail(file, [{ message, pointer, ...place(pointer, "value") }]);
  return { document: value as Value, error };
}

const compiled = new Map<string, ValidateFunction>();

function validator(schema: URL): ValidateFunction {
  const known = compiled.get(schema.href);
  if (known) return known;
  const made = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(schema, "utf8")) as object,
  );
  compiled.set(schema.href, made);
  return made;
}

function readText(kind: DocumentKind, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const message = `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    throw kind.fail(file, [{ message, pointer: "", line: undefined, column: undefined }]);
  }
}

function pointerOf(error: ErrorObject): string {
  const extra: unknown = error.params["additionalProperty"];
  return typeof extra === "string" ? `${error.instancePath}/${extra}` : error.instancePath;
}

function messageOf({ keyword, params, message = "is not valid" }: ErrorObject): string {
  if (keyword === "additionalProperties") return `unknown field '${String(params["additionalProperty"])}'`;
  if (keyword === "enum") return `must be one of ${(params["allowedValues"] as readonly string[]).join(", ")}`;
  if (keyword === "const") return `must be ${String(params["allowedValue"])}`;
  return message;
}

/** The place of the node, or of the nearest one above it that is there. */
function placeOf(yaml: Document, lines: LineCounter, pointer: string, part: Part): Place {
  const path = pointer.split("/").slice(1);
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(yaml, path.slice(0, length).map(segment), part);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}

function nodeAt(yaml: Document, path: readonly (string | number)[], part: Part): unknown {
  if (path.length === 0) return yaml.contents;
  const parent = path.length === 1 ? yaml.contents : yaml.getIn(path.slice(0, -1), true);
  const name = path.at(-1);
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
  return part === "key" && pair ? pair.key : yaml.getIn(path, true);
}

function segment(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text.replaceAll("~1", "/").replaceAll("~0", "~");
}

function describe(file: string, { message, pointer, line, column }: DocumentProblem): string {
  const place = line === undefined ? "" : `:${line}:${column ?? 1}`;
  const where = pointer === "" ? "" : `${pointer.slice(1).replaceAll("/", ".")}: `;
  return `${file}${place}: ${where}${message}`;
}
