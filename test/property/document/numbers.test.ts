import * as fc from "fast-check";
import { expect, it } from "vitest";
import { losesDigits } from "../../../src/document/numbers.ts";
import { parseYaml } from "../../../src/document/parse.ts";

it("keeps every number that JavaScript writes", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(losesDigits(JSON.stringify(number), number)).toBe(false);
    }),
  );
});

it("loses digits of whole numbers exactly where JSON would write others", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 69n), max: 2n ** 69n }), (number) => {
      const text = String(number);
      expect(losesDigits(text, Number(text))).toBe(JSON.stringify(Number(text)) !== text);
    }),
  );
});

it("reads JSON as JSON does", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: true }), (value) => {
      const { documents, diagnostics } = parseYaml(JSON.stringify(value), "m.yaml");
      const json = JSON.stringify(value);
      fc.pre(!json.includes("__proto__"));
      expect(diagnostics).toEqual([]);
      expect(documents.map((document) => JSON.stringify(document.value))).toEqual([json]);
    }),
  );
});
