import { createRequire } from "node:module";
import type { AnyValidateFunction } from "ajv/dist/core.js";
import { formats } from "./formats.ts";
import { readSchema, schemaFileName } from "./schema-files.ts";
import { checkWith, type SchemaCheck, type SchemaFile } from "./schema.ts";

/** The schemas that `npm run generate` compiles. */
export const readySchemas = ["QueueItems", "QueueItemRow", "Job", "StoppedJobs", "Review", "Config"] as const;

export type ReadySchema = (typeof readySchemas)[number];

/** What stands in a file of `schemas/generated/`: validators by the name of the definition, `whole` of all of it. */
type Ready = (known: typeof formats) => Readonly<Record<string, AnyValidateFunction>> & {
  readonly whole: AnyValidateFunction;
};

const require = createRequire(import.meta.url);
const checks = new Map<ReadySchema, SchemaCheck>();

/** The check of a schema that was compiled beforehand: to load and run Ajv takes longer than all else of a start. */
export function readySchema(name: ReadySchema): SchemaCheck {
  const known = checks.get(name);
  if (known !== undefined) return known;
  const validators = (require(`../../${readyFile(name)}`) as Ready)(formats);
  const of = (ref: string): AnyValidateFunction | undefined => validators[ref.replace("#/$defs/", "")];
  const check = checkWith({ whole: validators.whole, of }, sourceOf(name).$defs ?? {});
  checks.set(name, check);
  return check;
}

/** What a ready schema was compiled from. */
export function sourceOf(name: ReadySchema): SchemaFile {
  if (name !== "QueueItemRow") return readSchema(name);
  // `{ row: ITEM }`, where ITEM is written as an entry of `items`: rows of NDJSON and JSON may be.
  const row = { type: "object", properties: { row: { $ref: "#/$defs/item" } } };
  return { $id: "urn:orch-sync:v1:queue-item-row", ...row, $defs: readSchema("QueueItems").$defs ?? {} };
}

/** Where a compiled schema lies in the package. */
export function readyFile(name: ReadySchema): string {
  return `schemas/generated/${schemaFileName(name).replace(".schema.json", ".cjs")}`;
}
