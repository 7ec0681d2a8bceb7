import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject } from "ajv";
import { describe, expect, it } from "vitest";
import { kinds } from "../../../src/core/resource.ts";
import { anyManifest, readSchema } from "../../../src/document/schema-files.ts";

const schema = readSchema(anyManifest);
const check = compile(schema);

/** As an editor does: draft 7, formats that it does not know passed over. */
function compile(file: object): (value: unknown) => ErrorObject[] {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    validateFormats: false,
  });
  const validate = ajv.compile(file);
  return (value) => (validate(value) ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== "if"));
}

const envelope = { apiVersion: "orch-sync/v1", metadata: { name: "m" } };
const specs = {
  QueueItems: { queue: "Q", items: [{ reference: "A" }] },
  Job: { process: "P", strategy: { type: "Specific", robots: ["R"] } },
  StoppedJobs: { select: { process: "P" } },
  Review: { queue: "Q" },
};

describe("the schema of any manifest", () => {
  it.each(kinds)("takes a %s", (kind) => {
    expect(check({ ...envelope, kind, spec: specs[kind] })).toEqual([]);
  });

  it.each(kinds)("complains about what the schema of %s complains about, and nothing else", (kind) => {
    const broken = { ...envelope, kind, extra: 1, spec: { ...specs[kind], unheardOf: 1 } };
    const { $schema: _dialect, ...own } = JSON.parse(JSON.stringify(readSchema(kind))) as Record<string, unknown>;
    const places = (errors: ErrorObject[]): string[] =>
      errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`).toSorted();
    expect(places(check(broken))).toEqual(places(compile(own)(broken)));
    expect(places(check(broken))).toEqual([" additionalProperties", "/spec additionalProperties"]);
  });

  it.each([
    ["no kind", { ...envelope, spec: {} }, ["required"]],
    ["an unknown kind", { ...envelope, kind: "Jobs", spec: {} }, ["enum"]],
    ["another version", { ...envelope, apiVersion: "v2", kind: "Review", spec: specs.Review }, ["const"]],
    ["no metadata", { apiVersion: "orch-sync/v1", kind: "Review", spec: specs.Review }, ["required"]],
    ["a list", [], ["type"]],
  ])("says once what is wrong with %s", (_what, value, keywords) => {
    expect(check(value).map(({ keyword }) => keyword)).toEqual(keywords);
  });

  it("stands alone, and says nothing that means something else in draft 7", () => {
    const text = readFileSync(new URL("../../../schemas/manifest.schema.json", import.meta.url), "utf8");
    const refs = [...text.matchAll(/"\$ref": "([^"]*)"/g)].map(([, ref]) => ref ?? "");
    expect(refs.length).toBeGreaterThan(8);
    expect(refs.filter((ref) => !ref.startsWith("#/$defs/"))).toEqual([]);
    const siblings: unknown[] = [];
    JSON.parse(text, (_name, value: unknown) => {
      if (typeof value === "object" && value !== null && "$ref" in value && Object.keys(value).length > 1)
        siblings.push(value);
      return value;
    });
    expect(siblings).toEqual([]);
    expect(text).not.toMatch(/"(prefixItems|unevaluatedProperties|dependentRequired|dependentSchemas)":/);
  });
});
