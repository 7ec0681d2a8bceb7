import { isRecord } from "../core/json.ts";
import { isDuration, type Schema } from "./type-words.ts";

/** What a value must keep to besides its type, in words, as a resolved schema says it. */
export function limitsOf(schema: Schema): string[] {
  const { items, propertyNames } = schema;
  return [
    ...keyRules(schema),
    ...lengths(schema),
    ...entries(schema),
    ...range(schema),
    ...pattern(schema),
    ...(isRecord(propertyNames) ? limitsOf(propertyNames).map((limit) => `names: ${limit}`) : []),
    ...(isRecord(items) && items["properties"] === undefined ? limitsOf(items).map((limit) => `each: ${limit}`) : []),
  ];
}

/** "Exactly one of these keys", "at least one of these keys". */
function keyRules(schema: Schema): string[] {
  const quantities = { oneOf: "exactly one of", anyOf: "at least one of" } as const;
  return Object.entries(quantities).flatMap(([keyword, quantity]) => {
    const branches: unknown = schema[keyword];
    if (!Array.isArray(branches)) return [];
    const keys = branches.map((branch: unknown) =>
      isRecord(branch) && Array.isArray(branch["required"]) && branch["properties"] === undefined
        ? branch["required"].join(" with ")
        : undefined,
    );
    return keys.includes(undefined) ? [] : [`${quantity} ${keys.join(", ")}`];
  });
}

function lengths({ minLength, maxLength }: Schema): string[] {
  return [
    ...(minLength === 1 ? ["not empty"] : []),
    ...(typeof minLength === "number" && minLength > 1 ? [`at least ${figure(minLength)} characters`] : []),
    ...(typeof maxLength === "number" ? [`at most ${figure(maxLength)} characters`] : []),
  ];
}

function entries({ minItems, maxItems, uniqueItems, maxProperties }: Schema): string[] {
  return [
    ...(typeof minItems === "number" ? [`at least ${figure(minItems)} ${minItems === 1 ? "entry" : "entries"}`] : []),
    ...(typeof maxItems === "number" ? [`at most ${figure(maxItems)} entries`] : []),
    ...(uniqueItems === true ? ["no entry twice"] : []),
    ...(typeof maxProperties === "number" ? [`at most ${figure(maxProperties)} keys`] : []),
  ];
}

function range({ minimum, maximum }: Schema): string[] {
  const largest = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum; // the limit of JSON, not of the field
  if (typeof minimum === "number" && typeof largest === "number") return [`${figure(minimum)} to ${figure(largest)}`];
  if (typeof minimum === "number") return [`at least ${figure(minimum)}`];
  return typeof largest === "number" ? [`at most ${figure(largest)}`] : [];
}

function pattern(schema: Schema): string[] {
  const expression = schema["pattern"];
  return typeof expression === "string" && !isDuration(schema) ? [`matches ${expression}`] : [];
}

function figure(number: number): string {
  return number.toLocaleString("en-US");
}
