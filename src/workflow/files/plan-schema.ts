import { isRecord } from "../../core/json.ts";
import type { Kind } from "../../core/resource.ts";
import type { SourceSpan } from "../../core/source.ts";
import { compileSchema } from "../../document/compile-schema.ts";
import type { SchemaCheck, SchemaFile } from "../../document/schema.ts";
import { readSchema } from "../../document/schema-files.ts";

const checks = new Map<string, SchemaCheck>();

/** What the schema finds wrong with a line of a plan file, in words. */
export function checkPlanLine(value: unknown, at: SourceSpan): string[] {
  const type = isRecord(value) ? value["type"] : undefined;
  if (type !== "header" && type !== "resource" && type !== "change" && type !== "end")
    return ["it is no line of a plan"];
  return checkOf(type)(value, () => at, { isPrivate: () => true }).map(({ diagnostic }) => diagnostic.message);
}

/** What is missing of a spec that a plan has kept, or of another type than its kind relies on, in words. */
export function checkKeptSpec(kind: Kind, spec: unknown): string[] {
  const name = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}Spec`;
  const place = { file: "", line: 1, column: 1 };
  return checkOf(name)(spec, () => place, { isPrivate: () => true }).map(({ diagnostic }) => diagnostic.message);
}

/** One check for each sort of line: of a choice of all of them, messages would be about the choice. */
function checkOf(type: string): SchemaCheck {
  const known = checks.get(type);
  if (known !== undefined) return known;
  const { $defs = {} } = readSchema("PlanFile");
  const schema: SchemaFile = { $id: `urn:orch-sync:v1:plan-file:${type}`, ...($defs[type] as object), $defs };
  const check = compileSchema(schema);
  checks.set(type, check);
  return check;
}
