import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** A template's paths are those of the project that it becomes: its schemas lie beside the config. */
const template = join(root, "templates/project");
const files = ["examples", "templates"].flatMap((folder) =>
  globSync("**/*.{yaml,yml}", { cwd: join(root, folder) }).map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
);

function schemaFile(file: string, named: string): string {
  const path = resolve(root, dirname(file), named);
  const inProject = relative(template, path);
  return inProject.startsWith("..") ? path : join(root, inProject);
}

function problems(schema: string, value: unknown): unknown {
  const file = JSON.parse(readFileSync(schema, "utf8")) as { readonly $schema: string };
  const options = { allErrors: true, allowUnionTypes: true, strictRequired: false, validateFormats: false } as const;
  const validate = (file.$schema.includes("draft-07") ? new Ajv(options) : new Ajv2020(options)).compile(file);
  return validate(value) ? [] : validate.errors;
}

it("there are examples and templates", () => {
  expect(files.length).toBeGreaterThan(15);
});

// Those of pipelines belong to their systems, which have other schemas.
const ours = files.filter((file) => !/overlays?\/|^examples\/pipelines\//.test(file));

describe.each(ours)("%s", (file) => {
  const text = readFileSync(join(root, file), "utf8");

  it("begins with the line that tells editors its schema, and keeps to that", () => {
    const [, named] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(named, "the first line").toBeDefined();
    const schema = schemaFile(file, named ?? "");
    for (const document of parseAllDocuments(text)) expect(problems(schema, document.toJS())).toEqual([]);
  });
});
