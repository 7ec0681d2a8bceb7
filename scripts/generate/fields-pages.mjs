// docs/manifests.md and docs/config.md: every field, from the schemas. The examples are those of `orch-sync init`.
import { readdirSync, readFileSync } from "node:fs";
import { allFields, typeAndValues } from "../../src/core/field.ts";
import { kinds } from "../../src/core/resource.ts";
import { yamlLine } from "../../src/core/yaml-line.ts";
import { fieldsOf } from "../../src/document/fields.ts";
import { readSchema, schemaFileName } from "../../src/document/schema-files.ts";
import { code, prose } from "./markdown.mjs";

const templates = new URL("../../templates/project/", import.meta.url);

export function manifestsPage() {
  const roots = kinds.map((kind) => fieldsOf(kind, readSchema(kind)));
  const metadata = roots[0].fields.find(({ name }) => name === "metadata");
  return [
    "# Manifests",
    generatedFrom(kinds.map((kind) => schemaFileName(kind))),
    "A manifest is a YAML document with `apiVersion`, `kind`, `metadata` and `spec`. A file may hold several, separated by `---`; in a folder every `.yaml` and `.yml` is read, in subfolders too. Keys that are not listed here are errors. A field that is left out is never sent, compared or changed, unless a default is given. `orch-sync explain KIND.field` prints the same in a terminal, and the first line of a file makes editors complete and check it: `# yaml-language-server: $schema=schemas/manifest.schema.json` (`orch-sync init` writes that file, `orch-sync schema` prints it).",
    contents(["metadata", ...kinds]),
    "## metadata",
    `${metadata.description} The same for every kind.`,
    ...metadata.fields.map((field) => fieldText(field)),
    ...roots.map((root) => kindSection(root)),
  ].join("\n\n");
}

function kindSection(root) {
  const fields = allFields(root.fields.find(({ name }) => name === "spec"));
  const texts = fields.map((field) => fieldText(field));
  return [`## ${root.name}`, root.description, example(root.name), ...texts].join("\n\n");
}

export function configPage() {
  const root = fieldsOf("Config", readSchema("Config"));
  return [
    "# Config",
    generatedFrom([schemaFileName("Config")]),
    `${root.description} It is looked for from the working folder upwards to the root of the Git repository; \`--config\` names another one. Paths in it are relative to it. \`NAME\` stands for names of your own.`,
    example("Config"),
    ...allFields(root).map((field) => fieldText(field)),
  ].join("\n\n");
}

function generatedFrom(files) {
  return `This page is generated from ${files.map((file) => `\`schemas/${file}\``).join(", ")}.`;
}

function contents(titles) {
  return titles.map((title) => `- [${title}](#${title.toLowerCase()})`).join("\n");
}

/** The document of a kind that `orch-sync init` writes. */
function example(kind) {
  for (const name of readdirSync(templates, { recursive: true }).toSorted((a, b) => (a < b ? -1 : 1))) {
    if (!name.endsWith(".yaml")) continue;
    const text = readFileSync(new URL(name.replaceAll("\\", "/"), templates), "utf8");
    if (!text.includes(`\nkind: ${kind}\n`)) continue;
    return `\`\`\`yaml\n${text.replace(/^# yaml-language-server.*\n/, "").trimEnd()}\n\`\`\``;
  }
  throw new Error(`templates/project has no ${kind}`);
}

function fieldText(field) {
  const facts = [
    field.values.length > 0 ? typeAndValues({ ...field, values: field.values.map(code) }) : field.type,
    ...(field.required ? ["required"] : []),
    ...(field.default === undefined ? [] : [`default ${code(yamlLine(field.default))}`]),
    ...(field.only === undefined ? [] : [`only with ${field.only}`]),
    ...field.limits.map(limit),
  ];
  const examples = field.examples.map((value) => code(yamlLine(value))).join(", ");
  return [
    `### ${code(field.path.join("."))}`,
    facts.join(" · "),
    prose(field.description),
    ...(examples === "" ? [] : [`Example: ${examples}`]),
  ].join("\n\n");
}

/** Patterns are code, the other limits are words. */
function limit(text) {
  return text.replace(/(?<=matches )\S.*$/, code);
}
