import { isRecord, type JsonValue } from "../core/json.ts";
import type { Path } from "../core/locate.ts";
import { pathKey } from "./json-path.ts";
import { losesDigits } from "./numbers.ts";
import type { SchemaProblem } from "./schema.ts";

/**
 * Reads texts that were made of references alone as the type that the schema wants in their place: `"${var:jobs}"` as
 * the number 3. `value` must be a copy. True when something was read, so that the check is worth repeating.
 */
export function readTyped(value: unknown, problems: readonly SchemaProblem[], referenceOnly: readonly Path[]): boolean {
  if (problems.length === 0 || referenceOnly.length === 0) return false;
  const places = new Set(referenceOnly.map(pathKey));
  let changed = false;
  for (const { path, types } of problems) {
    if (!places.has(pathKey(path))) continue;
    const holder = path.slice(0, -1).reduce(below, value);
    const last = path.at(-1);
    const text = last === undefined ? undefined : below(holder, last);
    const read = typeof text === "string" ? readAs(text, types) : undefined;
    if (read === undefined || last === undefined || typeof holder !== "object" || holder === null) continue;
    Reflect.set(holder, last, read);
    changed = true;
  }
  return changed;
}

/** As JSON writes it: no leading zeros, no digits lost. Undefined for whatever is written otherwise. */
function readAs(text: string, types: readonly string[]): JsonValue | undefined {
  if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  if (losesDigits(text, number)) return undefined;
  return types.includes("number") || (types.includes("integer") && Number.isInteger(number)) ? number : undefined;
}

function below(holder: unknown, step: string | number): unknown {
  if (Array.isArray(holder)) return holder[Number(step)] as unknown;
  return isRecord(holder) && Object.hasOwn(holder, step) ? holder[String(step)] : undefined;
}
