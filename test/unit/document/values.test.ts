import { expect, it } from "vitest";
import type { Locate } from "../../../src/core/locate.ts";
import { resolveValues } from "../../../src/document/values.ts";

const at: Locate = () => ({ file: "m.yaml", line: 1, column: 1 });

it("leaves what it was given alone", () => {
  const given = { a: ["${env:A}"], b: null };
  const { value } = resolveValues(given, at, { env: { A: "1" } });
  expect(value).toEqual({ a: ["1"], b: null });
  expect(given).toEqual({ a: ["${env:A}"], b: null });
});

it.each([
  ["${env:A}-${env:A}", "1-1"],
  ["${env:A:-x}", "1"],
  ["${env:B:-x}", "x"],
  ["${env:B:-a:-b}", "a:-b"],
  ["${env:B:-}", ""],
  ["$${env:A}", "${env:A}"],
  ["$", "$"],
  ["$A {} }", "$A {} }"],
])("reads %s as %s", (text, expected) => {
  const { value, diagnostics } = resolveValues(text, at, { env: { A: "1" } });
  expect([value, diagnostics]).toEqual([expected, []]);
});

it("does not read what a variable holds", () => {
  expect(resolveValues("${env:A}", at, { env: { A: "${env:A}" } }).value).toBe("${env:A}");
});

it.each([
  ["${env:B}", "environment variable B is not set"],
  ["${env:}", "${env:} is no value source"],
  ["${env:B C}", "${env:B C} is no value source"],
  ["${secret:A}", "${secret:A} is not allowed in manifests, whose values plans show"],
  ["${}", "${} is no value source"],
  ["${env:A", "${ is not closed"],
])("refuses %s", (text, message) => {
  const { value, diagnostics } = resolveValues({ key: text }, at, { env: { A: "1" } });
  expect(value).toEqual({ key: text });
  expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([`${message} (key)`]);
});
