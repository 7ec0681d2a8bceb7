import type { ErrorObject } from "ajv/dist/2020.js";
import { isRecord } from "../core/json.ts";

/** One form of a thing that has several: a definition among the alternatives of a `oneOf`. */
export interface Branch {
  readonly ref: string;
  /** What its `type` says, where forms are told apart by it. */
  readonly type: string | undefined;
  /** Keys that only this form has, those that it requires first. */
  readonly own: readonly string[];
}

/** The definitions among which a `oneOf` chooses; none when its alternatives are anything else. */
export function branchesOf(error: ErrorObject, definitions: Readonly<Record<string, unknown>>): Branch[] {
  if (error.keyword !== "oneOf" || !Array.isArray(error.schema)) return [];
  const forms = error.schema.flatMap((alternative: unknown) => {
    const ref = isRecord(alternative) ? alternative["$ref"] : undefined;
    if (typeof ref !== "string") return [];
    const definition = definitions[ref.replace("#/$defs/", "")];
    return isRecord(definition) ? [{ ref, ...shape(definition) }] : [];
  });
  return forms.map(({ ref, type, keys }, index) => ({
    ref,
    type,
    own: keys.filter((key) => forms.every((other, at) => at === index || !other.keys.includes(key))),
  }));
}

/** The form that was meant, by `type` or else by the keys that only it has. Undefined when nothing, or too much, tells. */
export function chooseBranch(data: unknown, branches: readonly Branch[]): Branch | undefined {
  if (!isRecord(data)) return undefined;
  const meant = branches.filter(({ type, own }) =>
    type === undefined ? own.some((key) => Object.hasOwn(data, key)) : type === data["type"],
  );
  return meant.length === 1 ? meant[0] : undefined;
}

function shape(definition: Readonly<Record<string, unknown>>): {
  readonly type: string | undefined;
  readonly keys: readonly string[];
} {
  const properties = isRecord(definition["properties"]) ? definition["properties"] : {};
  const required = Array.isArray(definition["required"]) ? definition["required"].map(String) : [];
  const type = isRecord(properties["type"]) ? properties["type"]["const"] : undefined;
  return {
    type: typeof type === "string" ? type : undefined,
    keys: [...new Set([...required, ...Object.keys(properties)])],
  };
}
