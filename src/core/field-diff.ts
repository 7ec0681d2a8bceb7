import type { FieldChange } from "./change.ts";
import { isRecord, type JsonValue } from "./json.ts";
import { readInstant } from "./read-instant.ts";
import { holdsSecret, revealed, type JsonWithSecrets } from "./secret.ts";

/**
 * Every member in which two flat objects differ, in the order of `after`, then what only `before` has. Where either
 * side holds a secret, the change says no more than that: it is kept and hashed.
 */
export function diffFields(
  before: Readonly<Record<string, JsonWithSecrets>>,
  after: Readonly<Record<string, JsonWithSecrets>>,
  options: { readonly prefix?: string; readonly sensitive?: ReadonlySet<string> } = {},
): FieldChange[] {
  const changes: FieldChange[] = [];
  const compare = (name: string): void => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    if (was !== undefined && is !== undefined && sameValue(was, is)) return;
    const path = `${options.prefix ?? ""}${name}`;
    if (holdsSecret(was) || holdsSecret(is)) {
      changes.push({ path, sensitive: true });
      return;
    }
    changes.push({
      path,
      ...(was === undefined ? {} : { before: was as JsonValue }),
      ...(is === undefined ? {} : { after: is as JsonValue }),
      ...(options.sensitive?.has(name) === true ? { sensitive: true as const } : {}),
    });
  };
  for (const name of Object.keys(after)) compare(name);
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) compare(name);
  return changes;
}

/**
 * Equal for Orchestrator: secrets by what they are, numbers by value, strings that are both whole instants by instant
 * (the server gives 0 to 7 fractional digits and normalises offsets), everything else as spelled. Lists and mappings are
 * equal when their members are; the order of a mapping's members says nothing.
 */
export function sameValue(one: JsonWithSecrets, other: JsonWithSecrets): boolean {
  if (one === other) return true;
  const [a, b] = [revealed(one), revealed(other)];
  if (typeof a === "string" && typeof b === "string") return a === b || sameInstant(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item: JsonValue, index) => sameValue(item, b[index] as JsonValue));
  }
  if (isRecord(a) && isRecord(b)) return diffFields(a, b).length === 0;
  return a === b;
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?(?:Z|[+-]\d{2}:\d{2})$/;

/** True when both are instants with a zone and name the same one, to the 100 ns that the server keeps. */
export function sameInstant(a: string, b: string): boolean {
  if (!instant.test(a) || !instant.test(b)) return false;
  const [left, right] = [readInstant(a), readInstant(b)]; // which knows that there is no 30 February
  return left.type === "instant" && right.type === "instant" && left.instant === right.instant;
}
