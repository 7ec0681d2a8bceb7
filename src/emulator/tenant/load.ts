import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import type { TenantDocument } from "./types.ts";

/** One thing that is wrong with a tenant file. */
export interface TenantProblem {
  readonly message: string;
  /** Where in the document, as a JSON pointer; empty for the whole of it. */
  readonly pointer: string;
  /** From 1; undefined for a tenant that was given as an object. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** A tenant file that cannot be used. All problems found are in `problems`; the message shows them with their places. */
export class TenantFileError extends Error {
  override readonly name = "TenantFileError";
  readonly file: string | undefined;
  readonly problems: readonly TenantProblem[];

  constructor(file: string | undefined, problems: readonly TenantProblem[]) {
    super(problems.map((problem) => describe(file, problem)).join("\n"));
    this.file = file;
    this.problems = problems;
  }
}

/** A tenant that has passed its schema, and how to say where in it something is wrong. */
export interface LoadedTenant {
  readonly document: TenantDocument;
  readonly error: (pointer: string, message: string) => TenantFileError;
}

const documented = new URL("../../../examples/documented/tenant.yaml", import.meta.url);
const schemaFile = new URL("../../../schemas/tenant.schema.json", import.meta.url);

/** Reads a tenant: a YAML file, `documented` for the tenant of the API guide's requests pages, or an object. */
export function loadTenant(source: string | TenantDocument): LoadedTenant {
  if (typeof source !== "string") return check(source, undefined, () => ({ line: undefined, column: undefined }));
  const file = source === "documented" ? fileURLToPath(documented) : source;
  const lines = new LineCounter();
  const yaml = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const problems = yaml.errors.map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return { message, pointer: "", line, column: col };
  });
  if (problems.length > 0) throw new TenantFileError(file, problems);
  return check(yaml.toJS(), file, (pointer, part) => placeOf(yaml, lines, pointer, part));
}

type Place = Pick<TenantProblem, "line" | "column">;
/** Of a member of a mapping, its name or its value. */
type Part = "key" | "value";

function check(value: unknown, file: string | undefined, place: (pointer: string, part: Part) => Place): LoadedTenant {
  const validate = validator();
  if (!validate(value)) {
    const problems = (validate.errors ?? []).map((error) => {
      const pointer = pointerOf(error);
      const part = error.keyword === "additionalProperties" ? "key" : "value";
      return Object.assign(place(pointer, part), { message: messageOf(error), pointer });
    });
    throw new TenantFileError(file, problems);
  }
  const error = (pointer: string, message: string): TenantFileError =>
    new TenantFileError(file, [{ message, pointer, ...place(pointer, "value") }]);
  return { document: value as TenantDocument, error };
}

let compiled: ValidateFunction | undefined;

function validator(): ValidateFunction {
  compiled ??= new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(schemaFile, "utf8")) as object,
  );
  return compiled;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const message = `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    throw new TenantFileError(file, [{ message, pointer: "", line: undefined, column: undefined }]);
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

function describe(file: string | undefined, { message, pointer, line, column }: TenantProblem): string {
  const place = line === undefined ? "" : `:${line}:${column ?? 1}`;
  const where = pointer === "" ? "" : `${pointer.slice(1).replaceAll("/", ".")}: `;
  return `${file ?? "tenant"}${place}: ${where}${message}`;
}
