import * as fc from "fast-check";
import { expect, it } from "vitest";
import { escapeReferences, parseReferences, type Part } from "../../../src/document/references.ts";
import { resolveValues, type SecretPolicy } from "../../../src/document/values.ts";
import { revealed } from "../../../src/core/secret.ts";

const policy: SecretPolicy = {
  allows: () => true,
  unset: "MF031",
  refused: { code: "MF032", why: "is shown", hint: () => "" },
};
const env = { A: "1", EMPTY: "" };
const variables = new Map([["a.b", "${env:A}"]]);

function resolve(text: string): { value: unknown; problems: number } {
  const at = () => ({ file: "m.yaml", line: 1, column: 1 });
  const { value, diagnostics } = resolveValues(text, at, { env, variables }, policy);
  return { value: revealed(value), problems: diagnostics.length };
}

/** Text that is full of what the grammar is made of. */
const dense = fc
  .array(
    fc.constantFrom(
      "$",
      "{",
      "}",
      ":-",
      ":",
      "env:",
      "var:",
      "secret:",
      "A",
      "EMPTY",
      "a.b",
      "${env:A",
      "${var:",
      " ",
      "é",
    ),
  )
  .map((parts) => parts.join(""));
const text = fc.oneof(dense, fc.string({ unit: "binary" }));

it("text without ${ is itself", () => {
  fc.assert(
    fc.property(text, (any) => {
      const plain = any.replaceAll("${", "");
      fc.pre(!plain.includes("${"));
      expect(resolve(plain)).toEqual({ value: plain, problems: 0 });
    }),
  );
});

it("what was escaped resolves to itself, alone and beside references", () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(resolve(escapeReferences(any))).toEqual({ value: any, problems: 0 });
      expect(resolve(`\${env:A}${escapeReferences(any, true)}\${var:a.b}`)).toEqual({
        value: `1${any}\${env:A}`,
        problems: 0,
      });
    }),
  );
});

it("every text is read, and either becomes another text or stays with a problem", () => {
  fc.assert(
    fc.property(text, (any) => {
      const { value, problems } = resolve(any);
      expect(typeof value).toBe("string");
      expect(problems === 0 || value === any).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it("parts put together again are the text", () => {
  const written = (parts: readonly Part[]): string =>
    parts
      .map((part, index) => {
        if (typeof part === "string") return escapeReferences(part, index < parts.length - 1);
        if (part.type === "malformed") return part.text;
        const otherwise = part.otherwise === undefined ? "" : `:-${written(part.otherwise)}`;
        return `\${${part.source}:${part.name}${otherwise}}`;
      })
      .join("");
  fc.assert(
    fc.property(text, (any) => {
      expect(written(parseReferences(any))).toBe(any);
    }),
    { numRuns: 500 },
  );
});

it("takes long texts, and those that open thousands of defaults, without ado", () => {
  for (const any of ["${env:A:-".repeat(20_000), "${".repeat(50_000), "${env:NO:-x}".repeat(20_000)]) {
    expect(typeof resolve(any).value).toBe("string");
  }
});
