import { expect, it } from "vitest";
import { parseYaml } from "../../../src/document/parse.ts";

it("reads YAML 1.2: no is text, dates are text, << is a key", () => {
  const { documents, diagnostics } = parseYaml("a: no\nb: 2026-12-01\nc: 0o17\n<<: { d: 1 }\n", "m.yaml");
  expect(diagnostics).toEqual([]);
  expect(documents[0]?.value).toEqual({ a: "no", b: "2026-12-01", c: 15, "<<": { d: 1 } });
});

it("reads YAML 1.2 whatever a directive says", () => {
  expect(parseYaml("%YAML 1.1\n---\na: no\n", "m.yaml").documents[0]?.value).toEqual({ a: "no" });
});

it("copies what aliases stand for, the last anchor of a name counting", () => {
  const { documents } = parseYaml("a: &x { b: 1 }\nc: *x\nd: &x 2\ne: *x\n", "m.yaml");
  expect(documents[0]?.value).toEqual({ a: { b: 1 }, c: { b: 1 }, d: 2, e: 2 });
});

it("finds places of keys, values and entries, through aliases too", () => {
  const { documents } = parseYaml("a: &x\n  b:  text\nc: *x\nd:\ne: [1, {f: 2}]\n", "m.yaml");
  const at = documents[0]?.locate();
  expect(at?.(["a", "b"])).toEqual({ file: "m.yaml", line: 2, column: 7, length: 4, text: "  b:  text" });
  expect(at?.(["a", "b"], "key")).toMatchObject({ line: 2, column: 3, length: 1 });
  expect(at?.(["a", "b"], "entry")).toMatchObject({ line: 2, column: 3, length: 8 });
  expect(at?.(["a", "b"], "place")).toEqual({ file: "m.yaml", line: 2, column: 7 });
  expect(at?.(["c", "b"])).toMatchObject({ line: 2, column: 7 });
  expect(at?.(["d"])).toMatchObject({ line: 4, column: 1, length: 1 });
  expect(at?.(["e", 1, "f"])).toMatchObject({ line: 5, column: 12 });
  expect(at?.(["e", 1, "nothing", 5])).toMatchObject({ line: 5, column: 8 });
  expect(at?.(["nothing"])).toMatchObject({ line: 1, column: 1 });
});

it("never underlines beyond the line", () => {
  const at = parseYaml("a:\n  b: |\n    many\n    lines\n", "m.yaml").documents[0]?.locate();
  expect(at?.(["a"])).toEqual({ file: "m.yaml", line: 2, column: 3, length: 4, text: "  b: |" });
});

it("reports a few syntax errors, not all that follow from them", () => {
  const text = Array.from({ length: 50 }, () => "a: 'b\n]: {\n").join("");
  const { diagnostics } = parseYaml(text, "m.yaml");
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.length).toBeLessThanOrEqual(3);
});

it("goes on after a document that cannot be read", () => {
  const { documents, diagnostics } = parseYaml("a: }\n---\nb: 1\n", "m.yaml");
  expect(documents.map(({ value, start }) => [value, start.line])).toEqual([[{ b: 1 }, 3]]);
  expect(diagnostics.map(({ code, source }) => [code, source?.line])).toEqual([["MF003", 1]]);
});

it("finds one duplicate among 20,000 keys of one mapping", () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join("\n");
  expect(parseYaml(`${text}\nk5: 2\n`, "m.yaml").diagnostics.map(({ code }) => code)).toEqual(["MF004"]);
});
