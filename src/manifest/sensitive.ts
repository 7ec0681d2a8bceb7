import { isRecord, type JsonValue } from "../core/json.ts";
import type { Path } from "../core/locate.ts";

/** What `spec.sensitive` names. */
export function sensitiveKeys(value: JsonValue): string[] {
  const spec = isRecord(value) ? value["spec"] : undefined;
  const keys = isRecord(spec) ? spec["sensitive"] : undefined;
  return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
}

/** Values that no output shows, by their content keys: an excerpt would. */
export function sensitivePaths(value: JsonValue, keys: readonly string[]): Path[] {
  const spec = isRecord(value) ? value["spec"] : undefined;
  if (keys.length === 0 || !isRecord(spec) || !Array.isArray(spec["items"])) return [];
  return spec["items"].flatMap((item: unknown, index) => {
    const content = isRecord(item) && isRecord(item["content"]) ? item["content"] : {};
    return keys.filter((key) => Object.hasOwn(content, key)).map((key) => ["spec", "items", index, "content", key]);
  });
}
