import * as fc from "fast-check";
import { expect, it } from "vitest";
import { isRecord, type JsonValue } from "../../../src/core/json.ts";
import type { Part, Path } from "../../../src/core/locate.ts";
import { overlaid } from "../../../src/document/overlaid.ts";
import { parseYaml, type YamlDocument } from "../../../src/document/parse.ts";

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, 1, "a", true),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "1"), tie("value"), { maxKeys: 3 }),
  ),
}));
const mapping = fc.dictionary(fc.constantFrom("a", "b", "c", "1"), value, { minKeys: 1, maxKeys: 4 });
const paths = fc.array(fc.constantFrom<string | number>("a", "b", "c", "1", 0, 1), { maxLength: 4 });
const part = fc.constantFrom<Part>("value", "key", "entry", "place");

function document(given: JsonValue, file: string): YamlDocument {
  const [parsed] = parseYaml(JSON.stringify(given, null, 1), file).documents;
  if (parsed === undefined) throw new Error(`no document in ${JSON.stringify(given)}`);
  return parsed;
}

function at(given: JsonValue, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((holder, step) => {
    if (Array.isArray(holder)) return holder[Number(step)] as JsonValue | undefined;
    return isRecord(holder) && Object.hasOwn(holder, step) ? holder[String(step)] : undefined;
  }, given);
}

it("is the same in one step as in two: its value, and the place of everything that is and is not in it", () => {
  fc.assert(
    fc.property(mapping, mapping, mapping, paths, part, (base, first, second, path, of) => {
      const [below, a, b] = [document(base, "base"), document(first, "a"), document(second, "b")];
      const [once, twice] = [overlaid(below, [a, b]), overlaid(overlaid(below, [a]), [b])];
      expect(twice.value).toEqual(once.value);
      expect(twice.start).toEqual(once.start);
      expect(twice.locate()(path, of)).toEqual(once.locate()(path, of));
    }),
    { numRuns: 500 },
  );
});

/** Paths of all values that are no lists or mappings. */
function leaves(given: JsonValue, path: Path = []): Path[] {
  if (typeof given !== "object" || given === null) return [path];
  const members: [string | number, JsonValue][] = Array.isArray(given) ? [...given.entries()] : Object.entries(given);
  return members.flatMap(([step, member]) => leaves(member, [...path, step]));
}

it("finds every plain value where the file that it names has it", () => {
  fc.assert(
    fc.property(mapping, fc.array(mapping, { maxLength: 3 }), (base, patches) => {
      const below = document(base, "0");
      const above = patches.map((each, index) => document(each, String(index + 1)));
      const merged = overlaid(below, above);
      const locate = merged.locate();
      for (const path of leaves(merged.value)) {
        const span = locate(path);
        const found = at([below, ...above][Number(span.file)]?.value ?? null, path);
        expect(found).toEqual(at(merged.value, path));
        expect(span.text?.slice(span.column - 1, span.column - 1 + (span.length ?? 1))).toBe(JSON.stringify(found));
      }
    }),
    { numRuns: 300 },
  );
});

it("is the document itself under a patch that says nothing", () => {
  fc.assert(
    fc.property(mapping, paths, part, (base, path, of) => {
      const below = document(base, "base");
      const merged = overlaid(below, [{ ...document({ a: 1 }, "patch"), value: {} }]);
      expect(merged.value).toEqual(below.value);
      expect(merged.locate()(path, of)).toEqual(below.locate()(path, of));
    }),
  );
});
