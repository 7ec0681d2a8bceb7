import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/core/text-width.ts";
import { kinds } from "../../../src/core/resource.ts";
import { fieldsOf } from "../../../src/document/fields.ts";
import type { SchemaFile } from "../../../src/document/schema.ts";
import { readSchema } from "../../../src/document/schema-files.ts";
import { codeView, fieldView, kindView } from "../../../src/views/human/explain.ts";
import { initView } from "../../../src/views/human/init.ts";

const schema: SchemaFile & Record<string, unknown> = {
  $id: "urn:test:lamp",
  description: "A lamp.",
  type: "object",
  properties: {
    kind: { description: "What it is.", const: "Lamp" },
    spec: {
      description: "How it is.",
      type: "object",
      required: ["colour"],
      properties: {
        colour: { description: "Its colour. Cannot be changed.", enum: ["red", "green"], examples: ["red"] },
        watts: { description: "How bright.", type: "integer", minimum: 1, maximum: 1000, default: 40 },
      },
    },
  },
};
const root = fieldsOf("Lamp", schema);
const plain = { color: false } as const;

describe("kindView", () => {
  it("has the fields in columns", () => {
    expect(kindView(root, { ...plain, width: 80 })).toBe(`Lamp
  A lamp.

  FIELD  TYPE  DEFAULT  MEANING
  kind   Lamp           What it is.

spec
  FIELD   TYPE          DEFAULT     MEANING
  colour  red, green    (required)  Its colour.
  watts   whole number  40          How bright.

More: orch-sync explain Lamp.colour
`);
  });

  it("puts the meaning below where there is no room beside", () => {
    const lines = kindView(root, { ...plain, width: 60 }).split("\n");
    const at = lines.findIndex((line) => line.startsWith("  colour"));
    expect(lines.slice(at - 1, at + 2)).toEqual([
      "  FIELD   TYPE          DEFAULT",
      "  colour  red, green    (required)",
      "    Its colour.",
    ]);
  });

  it.each([40, 60, 80, 100, 140])("keeps to %i columns", (width) => {
    for (const kind of [...kinds, "Config", "Tenant", "Faults"]) {
      const text = kindView(fieldsOf(kind, readSchema(kind)), { ...plain, width });
      expect(text.split("\n").filter((line) => textWidth(line) > width)).toEqual([]);
    }
  });
});

it("fieldView says everything about a field", () => {
  const spec = root.fields[1];
  const [colour, watts] = spec?.fields ?? [];
  if (colour === undefined || watts === undefined) throw new Error("the schema has lost its fields");
  expect(fieldView(root, colour, { ...plain, width: 80 })).toBe(`Lamp.spec.colour
  Its colour. Cannot be changed.

  type      one of red, green
  required  yes
  example   red
`);
  expect(fieldView(root, watts, { ...plain, width: 80 })).toContain("  default   40\n  limits    1 to 1,000\n");
});

it("codeView says what a code means and what to do", () => {
  expect(codeView("MF001", plain)).toMatch(
    /^MF001 {2}File cannot be read\n\nA path does not exist[^]*\n\nCheck the path/,
  );
});

it.each([
  ["-x", "cd ./-x"],
  ["-a b", "cd './-a b'"],
  ["+1", "cd ./+1"],
  ["a-b", "cd a-b"],
])("initView writes no folder as a flag: %s", (folder, command) => {
  expect(initView([{ path: "a.yaml", about: "A." }], { ...plain, folder })).toContain(`  ${command}\n`);
});

it("initView cleans and quotes the folder that somebody named", () => {
  const text = initView([{ path: "a.yaml", about: "A." }], { ...plain, folder: "it's\u001b[2J here" });
  expect(text).toContain(String.raw`cd 'it'\''s\u001b[2J here'`);
});
