import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { isRecord } from "../../../src/core/json.ts";
import { compileSchema } from "../../../src/document/compile-schema.ts";
import { readySchema, readySchemas, sourceOf, type ReadySchema } from "../../../src/document/ready-schema.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));

describe.each(readySchemas)("%s, compiled beforehand", (name) => {
  it("finds what Ajv finds now, in examples and in what is wrong with each place of them", () => {
    const now = compileSchema(sourceOf(name));
    const at = (): { file: string; line: number; column: number } => ({ file: "a.yaml", line: 1, column: 1 });
    const values = valuesFor(name).flatMap((value) => [...spoilt(value)].concat([value]));
    const found = values.map((value) => readySchema(name)(value, at));
    expect(found.filter((problems) => problems.length === 0).length).toBeGreaterThan(0);
    expect(found.filter((problems) => problems.length > 0).length).toBeGreaterThan(20);
    const text = (problems: unknown): string => JSON.stringify(problems); // toEqual of thousands takes seconds
    for (const [index, problems] of found.entries()) expect(text(problems)).toBe(text(now(values[index], at)));
  });
});

/** What the examples hold for a schema. */
function valuesFor(name: ReadySchema): unknown[] {
  if (name === "QueueItemRow")
    return valuesFor("QueueItems").flatMap((manifest) => {
      const items: unknown = isRecord(manifest) && isRecord(manifest["spec"]) ? manifest["spec"]["items"] : undefined;
      return Array.isArray(items) ? items.map((row: unknown) => ({ row })) : [];
    });
  return documents.filter(
    (value) => isRecord(value) && value["apiVersion"] === "orch-sync/v1" && value["kind"] === name,
  );
}

const documents: readonly unknown[] = readdirSync(examples, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .flatMap((file) => parseAllDocuments(readFileSync(join(examples, file), "utf8")))
  .map((document): unknown => document.toJS());

/** The value with one thing wrong: each part of it replaced, left out, or with a key too many. */
function* spoilt(value: unknown): Generator {
  yield* [null, 1.5, "", "x".repeat(300), {}, []];
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries()) for (const other of spoilt(part)) yield value.with(index, other);
  } else if (isRecord(value)) {
    yield { ...value, unknown: true };
    for (const [key, part] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([each]) => each !== key));
      for (const other of spoilt(part)) yield { ...value, [key]: other };
    }
  }
}
