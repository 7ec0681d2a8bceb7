import type { SourceSpan } from "./source.ts";

/** Names and indexes from a document's root, or from its `spec`, to a value. */
export type Path = readonly (string | number)[];

/**
 * What of an entry is meant: its value, its key, both (`reference: INV-1`), or only where it begins, without the
 * line's text: that is for values that are kept in numbers.
 */
export type Part = "value" | "key" | "entry" | "place";

/** Where a value stands in its file; what does not exist stands where the nearest thing around it does. */
export type Locate = (path: Path, part?: Part) => SourceSpan;

/** `items[2].content.Email` */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const plain = /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
    return text === "" ? plain : `${text}.${plain}`;
  }, "");
}
