import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Spool } from "../../../src/core/list.ts";
import { SecretValue } from "../../../src/core/secret.ts";
import { fileSpools } from "../../../src/workflow/files/spool.ts";

const secret = fc
  .tuple(fc.oneof(fc.string(), fc.integer()), fc.string())
  .map(([value, name]) => new SecretValue(value, `\${secret:${name}}`, [String(value)]));

/** What JSON can hold, with secrets in it, and members that look like what stands in the place of one. */
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
    ),
    fc.constant(null),
    secret,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$secret", "__proto__", "toJSON ", "!")), tie("value"), {
      maxKeys: 4,
    }),
  ),
}));

/** Equal, and the secrets the same objects. */
function same(a: unknown, b: unknown): boolean {
  if (a instanceof SecretValue || b instanceof SecretValue) return a === b;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [own, other] = [Object.entries(a), Object.entries(b)];
  return (
    own.length === other.length &&
    own.every(([name, member], at) => name === other[at]?.[0] && same(member, other[at]?.[1]))
  );
}

describe("a spool on disk", () => {
  it("gives back any JSON with secrets, in order and by number", () => {
    const run = (values: readonly unknown[], held: number, picks: readonly number[]): void => {
      using spool: Spool<unknown> = fileSpools({ held })<unknown>();
      for (const value of values) spool.push(value);
      const back = [...spool.done()];
      expect(spool.length).toBe(values.length);
      expect(back.length).toBe(values.length);
      expect(back.every((value, index) => same(value, values[index]))).toBe(true);
      const indexes = values.length === 0 ? [] : picks.map((pick) => pick % values.length);
      expect(indexes.every((index) => same(spool.at(index), values[index]))).toBe(true);
    };
    fc.assert(fc.property(fc.array(json, { maxLength: 20 }), fc.nat(6), fc.array(fc.nat(), { maxLength: 10 }), run));
  });
});
