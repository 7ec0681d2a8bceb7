import type { Locate } from "../core/locate.ts";
import {
  compileSchema,
  type CheckOptions,
  type CodeRule,
  type SchemaCheck,
  type SchemaProblem,
} from "../document/schema.ts";
import { readSchema } from "../document/schema-files.ts";
import { isPrivate } from "./secrets.ts";

let compiled: SchemaCheck | undefined;

const codes: readonly CodeRule[] = [
  {
    path: ["targets", "*"],
    keyword: "oneOf",
    code: "CF003",
    hint: "embedded: { tenant: … } runs an Orchestrator of its own, url names one that runs elsewhere",
  },
];

/** What the schema finds wrong with a whole config document. */
export function checkConfig(value: unknown, at: Locate, options: CheckOptions = {}): SchemaProblem[] {
  compiled ??= compileSchema(readSchema("Config"));
  return compiled(value, at, { codes, isPrivate, ...options });
}
