import { isRecord } from "../core/json.ts";
import { formatPath, type Path } from "../core/locate.ts";
import type { SchemaProblem } from "../document/schema.ts";

/**
 * Takes what a schema refused out of a document, so that the rest can still be checked: people want to hear of all
 * mistakes at once. The document stays refused. `value` must be a copy; the result tells whether keys were lost that
 * later checks may miss.
 */
export function repair(value: unknown, problems: readonly SchemaProblem[]): { readonly lostKeys: boolean } {
  let lostKeys = false;
  for (const { path, unknownKey } of problems) {
    if (unknownKey !== undefined) rename(get(value, path), unknownKey);
    else if (isMisformedName(value, path)) continue;
    else if (inItem(path)) remove(value, identifies(value, path) ? path.slice(0, 3) : path);
    else {
      remove(value, path);
      lostKeys = true;
    }
  }
  return { lostKeys };
}

/** A misspelled key stands for what was meant; any other is dropped. */
function rename(holder: unknown, { name, nearest }: NonNullable<SchemaProblem["unknownKey"]>): void {
  if (!isRecord(holder)) return;
  if (nearest !== undefined && !Object.hasOwn(holder, nearest)) holder[nearest] = holder[name];
  delete holder[name];
}

/** A name of the wrong form still names: without it nothing of the document could be checked. */
function isMisformedName(value: unknown, path: Path): boolean {
  return formatPath(path) === "metadata.name" && typeof get(value, path) === "string";
}

function inItem(path: Path): boolean {
  return path.length >= 3 && path[0] === "spec" && path[1] === "items" && typeof path[2] === "number";
}

/** True when an item would be nobody, or somebody else, without what stands at the path. */
function identifies(value: unknown, path: Path): boolean {
  const item = get(value, path.slice(0, 3));
  const byContent = path[3] === "content" && isRecord(item) && item["reference"] === undefined;
  return path.length === 3 || path[3] === "reference" || byContent;
}

/** Lists keep a hole, so that the entries behind it keep their index. */
function remove(value: unknown, path: Path): void {
  const holder = get(value, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return;
  if (Array.isArray(holder) || isRecord(holder)) Reflect.deleteProperty(holder, last);
}

function get(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((holder, step) => {
    if (Array.isArray(holder)) return holder[Number(step)] as unknown;
    return isRecord(holder) && Object.hasOwn(holder, step) ? holder[String(step)] : undefined;
  }, value);
}
