import { expect, it } from "vitest";
import { countProblems, sortDiagnostics, withoutExcerpt, type Diagnostic } from "../../../src/core/diagnostic.ts";

function at(file: string, line: number, column: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code: "MF010", severity: "error", message: "m", source: { file, line, column, text: "secret: x" }, ...more };
}

it("diagnostics stand in the order in which a person works through them", () => {
  const { source: _source, ...placeless } = at("", 1, 1);
  const inOrder = [
    placeless,
    at("a.yaml", 1, 9),
    at("a.yaml", 2, 1),
    at("a.yaml", 2, 3),
    at("a.yaml", 2, 3, { code: "MF011", message: "a" }),
    at("a.yaml", 2, 3, { code: "MF011", message: "b" }),
    at("b.yaml", 1, 1),
  ];
  expect(sortDiagnostics(inOrder.toReversed())).toEqual(inOrder);
});

it("problems that are only counted count, and warnings are no errors", () => {
  const some = [at("a", 1, 1, { count: 5 }), at("a", 2, 1), at("a", 3, 1, { severity: "warning", count: 2 })];
  expect([countProblems(some, "error"), countProblems(some, "warning")]).toEqual([6, 2]);
});

it("without its excerpt a diagnostic keeps its place", () => {
  expect(withoutExcerpt(at("a", 1, 2)).source).toEqual({ file: "a", line: 1, column: 2 });
  const placeless: Diagnostic = { code: "MF010", severity: "error", message: "m" };
  expect(withoutExcerpt(placeless)).toBe(placeless);
});
