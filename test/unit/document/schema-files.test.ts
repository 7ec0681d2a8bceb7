import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { isRecord } from "../../../src/core/json.ts";
import { compileSchema } from "../../../src/document/compile-schema.ts";
import type { SchemaFile } from "../../../src/document/schema.ts";

const folder = new URL("../../../schemas/", import.meta.url);
const own = ["config", "job", "queue-items", "review", "stopped-jobs"];
const files = readdirSync(folder).filter((name) => own.includes(name.replace(".schema.json", "")));

function read(name: string): SchemaFile & Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8")) as SchemaFile & Record<string, unknown>;
}

/** Every schema of an object's property, with its path. */
function properties(schema: unknown, path = ""): [string, Record<string, unknown>][] {
  if (!isRecord(schema)) return [];
  return Object.entries(schema).flatMap(([name, value]) => {
    const below = properties(value, `${path}/${name}`);
    const named = name === "properties" && isRecord(value) ? Object.entries(value) : [];
    return below.concat(named.map(([key, property]) => [`${path}.${key}`, isRecord(property) ? property : {}]));
  });
}

it("finds all schemas", () => {
  expect(files).toHaveLength(own.length);
});

describe.each(files)("%s", (name) => {
  const schema = read(name);

  it("is a schema by the schema of schemas, which the check itself does not ask", () => {
    const ajv = new Ajv2020();
    expect([ajv.validateSchema(schema), ajv.errors]).toEqual([true, null]);
  });

  it("compiles in strict mode", () => {
    expect(compileSchema(schema)).toBeTypeOf("function");
  });

  it("describes every property", () => {
    const definitions = schema.$defs ?? {};
    const silent = properties(schema).filter(([, property]) => {
      const ref =
        typeof property["$ref"] === "string" ? definitions[property["$ref"].replace("#/$defs/", "")] : undefined;
      const described = isRecord(ref) ? ref : property;
      return typeof described["description"] !== "string" || described["description"].length < 10;
    });
    expect(silent).toEqual([]);
  });

  it("refuses unknown keys wherever it names keys", () => {
    const open = JSON.stringify(schema, (_name, value: unknown) =>
      isRecord(value) && isRecord(value["properties"]) && value["additionalProperties"] === undefined ? "open" : value,
    );
    expect(open).not.toContain('"open"');
  });

  it("keeps to what type generators read", () => {
    expect(JSON.stringify(schema)).not.toMatch(/"(unevaluatedProperties|prefixItems|if|then|dependentSchemas)":/);
  });
});

it("says the same about metadata in every kind", () => {
  const metadata = files.flatMap((name) => read(name).$defs?.["metadata"] ?? []);
  expect(metadata).toHaveLength(4);
  for (const one of metadata) expect(one).toEqual(metadata[0]);
});
