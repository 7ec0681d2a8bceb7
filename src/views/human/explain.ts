import { diagnosticCodes, type DiagnosticCode } from "../../core/diagnostic-codes.ts";
import { brief, firstSentence, typeAndValues, type Field } from "../../core/field.ts";
import { fitColumns } from "../../core/text-width.ts";
import { yamlLine } from "../../core/yaml-line.ts";
import type { ViewOptions } from "../style.ts";
import { screen, separated, type Line } from "./lines.ts";
import { tableLines } from "./table.ts";

/** Kinds that have something in common: manifests, files, outputs. */
export interface KindGroup {
  readonly title: string;
  readonly kinds: readonly Pick<Field, "name" | "description">[];
}

/** What can be explained. */
export function kindsView(groups: readonly KindGroup[], options: ViewOptions): string {
  const blocks = groups.map(({ title: common, kinds }) => [
    heading(common),
    ...tableLines(
      kinds.map(({ name, description }) => [name, firstSentence(description)]),
      options,
    ),
  ]);
  const more = "orch-sync explain KIND lists its fields, KIND.field explains one, CODE explains an error.";
  return screen(separated<Line>([...blocks, [{ text: more }]], ""), options);
}

/** A whole kind: what it is for, and its fields. */
export function kindView(root: Field, options: ViewOptions): string {
  const parts = root.fields.filter(({ name }) => name === "metadata" || name === "spec");
  const rest = root.fields.filter((field) => !parts.includes(field));
  const tables = [
    ...(rest.length === 0 ? [] : [fieldTable(rest, options)]),
    ...parts.map((part) => [heading(part.name), ...about(part), ...fieldTable(part.fields, options)]),
  ];
  const shown = [...parts.flatMap(({ fields }) => fields), ...rest];
  const deeper = shown.find(({ fields }) => fields.length > 0) ?? shown[0];
  const more: Line[] =
    deeper === undefined ? [] : [{ text: `More: orch-sync explain ${dotted(root, shortPath(deeper))}` }];
  return screen(separated([title(root.name, root.description), ...tables, more], ""), options);
}

/** One field: everything that its schema says, and the fields below it. */
export function fieldView(root: Field, field: Field, options: ViewOptions): string {
  const facts = [
    ["type", typeAndValues(field)],
    ["required", requiredWords(field)],
    ...(field.default === undefined ? [] : [["default", yamlLine(field.default)]]),
    ...(field.limits.length === 0 ? [] : [["limits", field.limits.join("; ")]]),
    ...field.examples.map((example, index) => [index === 0 ? "example" : "", yamlLine(example)]),
  ];
  const below = field.fields.length === 0 ? [] : [heading("Fields below"), ...fieldTable(field.fields, options)];
  return screen(
    separated([title(dotted(root, field.path), field.description), tableLines(facts, options), below], ""),
    options,
  );
}

/** What a diagnostic's code means, and what to do about it. */
export function codeView(code: DiagnosticCode, options: ViewOptions): string {
  const { title: name, meaning, fix } = diagnosticCodes[code];
  const paragraphs: Line[][] = [
    [{ text: `${code}  ${name}`, head: code, tone: "strong" }],
    [{ text: meaning, hang: "" }],
    [{ text: fix, hang: "" }],
  ];
  return screen(separated(paragraphs, ""), options);
}

function title(name: string, description: string): Line[] {
  return [
    { text: name, tone: "strong" },
    { text: `  ${description}`, hang: "  " },
  ];
}

function heading(text: string): Line {
  return { text, tone: "strong" };
}

/** What a part as a whole must keep to: `exactly one of process, releaseKey`. */
function about({ limits }: Field): Line[] {
  return limits.map((limit) => ({ text: `  ${limit}`, hang: "  " }));
}

const longestType = 26;

function fieldTable(fields: readonly Field[], options: ViewOptions): Line[] {
  const header = ["FIELD", "TYPE", "DEFAULT", "MEANING"];
  const rows = fields.map((field) => [
    field.fields.length === 0 ? field.name : `${field.name}.…`,
    fitColumns(typeAndValues(field).replace(/^one of /, ""), longestType),
    field.default === undefined
      ? field.required
        ? "(required)"
        : ""
      : fitColumns(yamlLine(field.default), longestType),
    brief(field),
  ]);
  return tableLines(rows, options, header);
}

function requiredWords({ required, only }: Field): string {
  const word = required ? "yes" : "no";
  return only === undefined ? word : `${word}; known only with ${only}`;
}

function dotted(root: Field, path: readonly string[]): string {
  return [root.name, ...path].join(".");
}

/** Without `spec`, which may be left out. */
function shortPath({ path }: Field): readonly string[] {
  return path[0] === "spec" ? path.slice(1) : path;
}
