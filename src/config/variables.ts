import { resolve } from "node:path";
import type { Diagnostic } from "../core/diagnostic.ts";
import { UsageError } from "../core/errors.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import { displayPath } from "../document/display.ts";
import { parseYaml } from "../document/parse.ts";
import { readTextFile } from "../document/read.ts";
import { variableName } from "../document/references.ts";
import { unreadableFile } from "./unreadable.ts";

/** What the command line gives for `${var:NAME}`. */
export interface GivenVariables {
  readonly variables: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * `--var NAME=VALUE` over `--var-file FILE`; of several the last wins. Their values are taken as they are: `${…}` in
 * them is text.
 * @throws UsageError for a `--var` of another form.
 */
export async function readVariables(
  given: readonly string[],
  files: readonly string[],
  cwd: string,
): Promise<GivenVariables> {
  const named = given.map(parseVariable);
  const read = [];
  for (const file of files) read.push(await readVariableFile(file, cwd));
  return {
    variables: new Map([...read.flatMap(({ variables }) => [...variables]), ...named]),
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
  };
}

function parseVariable(text: string): readonly [string, string] {
  const end = text.indexOf("=");
  const name = text.slice(0, Math.max(0, end));
  if (variableName.test(name)) return [name, text.slice(end + 1)];
  // The text is not quoted whole: what follows the name is somebody's value.
  const message = end < 0 ? "--var has no =" : `--var ${JSON.stringify(name)} names no variable`;
  throw new UsageError(message, {
    hint: "write --var NAME=VALUE; names are made of letters, digits, _, - and ., and begin with a letter or _",
  });
}

/** A YAML mapping of names to texts, numbers, true or false. */
async function readVariableFile(file: string, cwd: string): Promise<GivenVariables> {
  const path = resolve(cwd, file);
  const shown = displayPath(path, cwd);
  const read = await readTextFile(path);
  if (read.type !== "text")
    return { variables: new Map(), diagnostics: [unreadableFile("the variable file", shown, read)] };
  const { documents, diagnostics } = parseYaml(read.text, shown);
  if (diagnostics.length > 0) return { variables: new Map(), diagnostics };
  const [document] = documents;
  if (document === undefined) return { variables: new Map(), diagnostics: [] }; // nothing but comments
  const at = document.locate();
  if (documents.length > 1 || !isRecord(document.value)) {
    const what = documents.length > 1 ? `has ${documents.length} documents` : "holds no mapping";
    const hint = "write one mapping of names to values, such as jobs: 3";
    const message = `${shown} ${what}`;
    return { variables: new Map(), diagnostics: [{ code: "MF034", severity: "error", message, hint, source: at([]) }] };
  }
  const problems = Object.entries(document.value).flatMap(([name, value]) => variableProblems(name, value, at));
  const texts = writtenTexts(document.value, at, []);
  const variables = new Map(Object.entries(texts).flatMap(([name, text]) => (isText(text) ? [[name, text]] : [])));
  return { variables, diagnostics: problems };
}

function variableProblems(name: string, value: unknown, at: Locate): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (!variableName.test(name)) {
    const message = `${JSON.stringify(name)} is no name of a variable`;
    const hint = "names are made of letters, digits, _, - and ., and begin with a letter or _";
    found.push({ code: "MF034", severity: "error", message, hint, source: at([name], "key") });
  }
  if (value === null || typeof value === "object") {
    const what = value === null ? "empty" : Array.isArray(value) ? "a list" : "a mapping";
    const message = `variable ${JSON.stringify(name)} must be text, a number, true or false, not ${what}`;
    const hint = value === null ? 'write "" for an empty text' : "give each value a name of its own";
    found.push({ code: "MF034", severity: "error", message, hint, source: at([name]) });
  }
  return found;
}

/** A mapping whose numbers, true and false are texts, spelled as in the file: a version 1.10 is not 1.1. */
export function writtenTexts(
  values: Readonly<Record<string, JsonValue>>,
  at: Locate,
  path: Path,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" || typeof value === "boolean" ? written(value, at([...path, name])) : value,
    ]),
  );
}

function written(value: number | boolean, source: ReturnType<Locate>): string {
  const { text = "", column, length = 0 } = source;
  const spelled = text.slice(column - 1, column - 1 + length);
  // An alias is spelled by its name: what it stands for counts.
  const same = typeof value === "number" ? Number(spelled) === value : spelled.toLowerCase() === String(value);
  return same && spelled !== "" ? spelled : String(value);
}

function isText(value: JsonValue): value is string {
  return typeof value === "string";
}
