import { isRecord, type JsonObject, type JsonPrimitive, type JsonValue } from "../../core/json.ts";
import { SecretValue } from "../../core/secret.ts";
import { holdsHidden, isHidden } from "../../core/hidden.ts";

/** Stands where a value is hidden: an object, so that no text of a tenant can be taken for it. */
export const sensitiveMarker: JsonObject = { sensitive: true };

/** The value as JSON has it, with the marker at every hidden path. */
export function redact(value: unknown, hidden: readonly string[] | undefined, path: string = ""): JsonValue {
  if (value instanceof SecretValue || (path !== "" && isHidden(path, hidden))) return sensitiveMarker;
  if (Array.isArray(value))
    return value.map((member: unknown, index) => redact(member, hidden, below(path, String(index))));
  if (isRecord(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, redact(member, hidden, below(path, name))]));
  }
  // A text that holds a hidden member, such as input arguments as JSON text, is hidden as a whole.
  if (typeof value === "string" && path !== "" && holdsHidden(path, hidden)) return sensitiveMarker;
  return isPrimitive(value) ? value : null;
}

function isPrimitive(value: unknown): value is JsonPrimitive {
  return (
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
  );
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
