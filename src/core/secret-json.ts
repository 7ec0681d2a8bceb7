import type { JsonObject, JsonValue } from "./json.ts";
import { SecretValue, type JsonWithSecrets } from "./secret.ts";

/**
 * Secrets as plain JSON, for files that name them and never hold them: `{"$secret": "Bearer ${secret:API_TOKEN}"}`. A
 * member of somebody else's that is called so gets one more `$`, which is taken off again: nothing foreign becomes a
 * secret.
 */
const mark = "$secret";
const lookalike = /^\$+secret$/;

/** Plain JSON in which secrets are named as they are written, defaults included. Members that are undefined are left out. */
export function withoutSecrets(
  value: unknown,
  nameOf: (secret: SecretValue) => string = ({ written }) => written,
): JsonValue {
  if (typeof value !== "object" || value === null) return value as JsonValue;
  if (!needsMarks(value)) return value as JsonValue; // nearly always so
  if (value instanceof SecretValue) return { [mark]: nameOf(value) };
  if (Array.isArray(value)) return value.map((member: unknown) => withoutSecrets(member, nameOf));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [lookalike.test(name) ? `$${name}` : name, withoutSecrets(member, nameOf)]),
  );
}

/** The same with secrets again, each made of how it is written. */
export function withSecrets(value: JsonValue, secret: (written: string) => SecretValue): JsonWithSecrets {
  if (typeof value !== "object" || value === null || !needsMarks(value)) return value;
  if (Array.isArray(value)) return value.map((member: JsonValue) => withSecrets(member, secret));
  const written = (value as JsonObject)[mark];
  if (typeof written === "string" && Object.keys(value).length === 1) return secret(written);
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, member]) => [
      lookalike.test(name) ? name.slice(1) : name,
      withSecrets(member, secret),
    ]),
  );
}

/** Plain loops: every change of a plan comes by here. */
function needsMarks(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof SecretValue) return true;
  if (Array.isArray(value)) return value.some(needsMarks);
  for (const [name, member] of Object.entries(value)) {
    if ((name.startsWith("$") && lookalike.test(name)) || needsMarks(member)) return true;
  }
  return false;
}
