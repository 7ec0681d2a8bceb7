/** Pieces of sentences about values. */

/** What the schema's types are called. */
const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
  array: "a list",
  object: "a mapping",
};

/** `text, a number or null` */
export function typesInWords(types: readonly string[]): string {
  return listed(types.map((type) => typeNames[type] ?? type));
}

/** `1 entry`, `2 entries` */
export function count(number: number, noun: "character" | "entry"): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun === "entry" ? "entries" : "characters"}`;
}

/** A value as a sentence about it calls it. */
export function described(data: unknown): string {
  if (data === null || data === undefined) return "empty";
  if (Array.isArray(data)) return "a list";
  if (typeof data === "string") return quoted(data);
  return typeof data === "object" ? "a mapping" : JSON.stringify(data);
}

/** `text, a number or null` */
function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), names.at(-1)].filter((part) => part !== "").join(" or ");
}

/** In quotes, and cut where it would not fit into a line. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
