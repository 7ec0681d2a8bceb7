import { expect, it } from "vitest";
import { parseTemplate } from "../../../../src/manifest/sources/template.ts";

it.each([
  ["INV-{id}", ["INV-", ""], ["id"]],
  ["{a}{b}", ["", "", ""], ["a", "b"]],
  ["{a b} / {Größe}", ["", " / ", ""], ["a b", "Größe"]],
  ["plain", ["plain"], []],
  ["{{{a}}}", ["{", "}"], ["a"]],
  ["{{a}}", ["{a}"], []],
  ["${x}", ["$", ""], ["x"]],
])("reads %s", (text, literals, columns) => {
  expect(parseTemplate(text)).toEqual({ type: "template", template: { literals, columns } });
});

it.each([
  ["{a", "{ is not closed"],
  ["a}", "} has no { before it"],
  ["{a{b}", "{ is not closed"],
  ["{}", "{} names no column"],
  ["{{a}", "} has no { before it"],
])("refuses %s", (text, message) => {
  expect(parseTemplate(text)).toMatchObject({ type: "problem", message });
});
