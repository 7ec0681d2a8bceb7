import * as fc from "fast-check";
import { expect, it } from "vitest";
import { yamlLine } from "../../../src/core/yaml-line.ts";
import { parseYaml } from "../../../src/document/parse.ts";

const words = fc.stringMatching(/^[A-Za-z0-9:+ .,@%#/_-]{0,20}$/);

it("writes what YAML reads as the same value, inside brackets too", () => {
  const scalars = fc.oneof(words, fc.string(), fc.boolean(), fc.integer(), fc.constant(null));
  const values = fc.oneof(fc.array(scalars), fc.dictionary(words, fc.oneof(scalars, fc.array(scalars))));
  fc.assert(
    fc.property(values, (value) => {
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      const text = `value: ${yamlLine(value)}`;
      const { documents, diagnostics } = parseYaml(text, "m.yaml");
      expect(diagnostics).toEqual([]);
      expect(documents.map((document) => document.value)).toEqual([{ value }]);
    }),
  );
});

it.each([
  [{ team: "finance" }, "{ team: finance }"],
  [["Email"], "[Email]"],
  ["20%", '"20%"'],
  ["true", '"true"'],
  ["30m", "30m"],
  ["2026-12-31T00:00:00Z", "2026-12-31T00:00:00Z"],
  [{}, "{}"],
])("writes %j as a person would", (value, text) => {
  expect(yamlLine(value)).toBe(text);
});
