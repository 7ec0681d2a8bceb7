import { describe, expect, it } from "vitest";
import { allFields, brief, findField, firstSentence, typeAndValues, type Field } from "../../../src/core/field.ts";

function field(name: string, more: Partial<Field> = {}): Field {
  const base = { description: "", type: "text", values: [], required: false, limits: [], examples: [], fields: [] };
  return { name, path: [name], ...base, ...more };
}

const url = field("url");
const guards = field("guards", { fields: [field("maxCreates")] });
const target = field("NAME", { fields: [url, guards] });
const spec = field("spec", { fields: [field("queue"), field("items", { fields: [field("reference")] })] });
const manifest = field("manifest", { fields: [field("kind"), spec] });
const config = field("config", { fields: [field("targets", { fields: [target] })] });

describe("a field", () => {
  it.each([
    ["spec.queue", "queue"],
    ["queue", "queue"],
    ["items.REFERENCE", "reference"],
    ["kind", "kind"],
  ])("%s of a manifest is found, with spec or without", (path, name) => {
    expect(findField(manifest, path.split("."))).toMatchObject({ name });
  });

  it.each([
    ["targets.prod.url", "url"],
    ["targets.url", "url"],
    ["targets.prod", "NAME"],
    ["targets.prod.guards.maxCreates", "maxCreates"],
  ])("%s of a config is found, whatever the user has called it", (path, name) => {
    expect(findField(config, path.split("."))).toMatchObject({ name });
  });

  it("that does not exist is told with where it was looked for, and a slip is no name", () => {
    expect(findField(manifest, ["quue"])).toEqual({ at: spec, step: "quue" });
    expect(findField(manifest, ["items", "refrence"])).toMatchObject({ at: { name: "items" }, step: "refrence" });
    expect(findField(config, ["targets", "ulr"])).toMatchObject({ at: { name: "targets" }, step: "ulr" });
  });

  it("has all fields below it in the order of the schema", () => {
    expect(allFields(manifest).map(({ name }) => name)).toEqual(["kind", "spec", "queue", "items", "reference"]);
  });
});

it.each([
  ["One. Two.", "One."],
  ["A file such as .env is read. Then more.", "A file such as .env is read."],
  ["No stop at all", "No stop at all"],
])("the first sentence of %j is %j", (text, first) => {
  expect(firstSentence(text)).toBe(first);
});

it("a table has the first sentence, or all where the sentences are about one value each, and on what it depends", () => {
  const description = "wait: goes on. fail: ends.";
  expect(brief({ description, values: [] })).toBe("wait: goes on.");
  expect(brief({ description, values: ["wait", "fail"] })).toBe(description);
  expect(brief({ description, values: [], only: "type Specific" })).toBe("wait: goes on. Only with type Specific.");
});

it.each([
  ["text", [], "text"],
  ["text", ["a"], "a"],
  ["text", ["a", "b"], "one of a, b"],
  ["list of texts", ["a", "b"], "list of a, b"],
])("the type %s with the values %j is %j", (type, values, words) => {
  expect(typeAndValues({ type, values })).toBe(words);
});
