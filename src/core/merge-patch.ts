import { isRecord, type JsonValue } from "./json.ts";

/**
 * What a JSON merge patch (RFC 7396) makes of a value: mappings are merged key by key, `null` removes a key, and
 * everything else, a list included, replaces what was there. Neither input is touched; the result may share parts of both.
 */
export function mergePatch(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isRecord(patch)) return patch;
  const merged = new Map<string, JsonValue>(isRecord(target) ? members(target) : []);
  for (const [name, change] of members(patch)) {
    if (change === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name) ?? null, change));
  }
  return Object.fromEntries(merged); // defines members, so that `__proto__` is one like any other
}

function members(record: Readonly<Record<string, unknown>>): [string, JsonValue][] {
  return Object.entries(record as Readonly<Record<string, JsonValue>>);
}
