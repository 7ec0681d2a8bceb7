import type { JsonPrimitive } from "../../core/json.ts";
import { losesDigits } from "../../document/numbers.ts";
import type { Priority } from "../../kinds/queue-items/spec.ts";
import type { DateReader } from "./dates.ts";
import type { Refusal } from "./refusal.ts";

/** What a mapped column is read as. */
export type ColumnType = "text" | "number" | "integer" | "boolean" | "date";

/** JSON's own syntax: no leading zeros, no plus sign, no blanks. */
const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const integerForm = /^-?(?:0|[1-9]\d*)$/;

/** The value of a cell's text. An empty cell is null, as text it is "". */
export function readCell(type: ColumnType, text: string, dates: DateReader): JsonPrimitive | Refusal {
  if (type === "text") return text;
  if (text === "") return null;
  switch (type) {
    case "number":
      return numberForm.test(text) ? exact(text) : refuse("is no number", text, numberHint(text));
    case "integer":
      return integerForm.test(text) ? exact(text) : refuse("is no whole number", text, numberHint(text));
    case "boolean": {
      const word = text.toLowerCase();
      return (
        word === "true" || (word === "false" ? false : refuse("is not true or false", text, "write true or false"))
      );
    }
    case "date":
      return dates.read(text);
  }
}

/** A number whose digits a computer's number keeps, or the refusal of one that would become another. */
export function exact(text: string): number | Refusal {
  const value = Number(text);
  if (text.length <= 15 && !/e/i.test(text)) return value === 0 ? 0 : value; // so few digits are always kept
  if (!losesDigits(text, value)) return value === 0 ? 0 : value; // not -0, which JSON writes as 0
  return { code: "QI017", predicate: "loses digits as a number", found: text, hint: asText };
}

const asText = "read it as text, if it is an identifier: type: text";

function numberHint(text: string): string {
  if (/^[-+]?0\d+$/.test(text)) return "leading zeros are no part of a number: type: text keeps them";
  return /^[-+]?\d+,\d+$/.test(text) ? "numbers have a point: 12.50" : "write it as 1200, -3 or 12.50, without blanks";
}

const priorities: Readonly<Record<string, Priority>> = {
  high: "High",
  normal: "Normal",
  low: "Low",
  "3": "High",
  "2": "Normal",
  "1": "Low",
};

/** A priority as Orchestrator's own upload writes it: a word in any case, or 1 = Low, 2 = Normal, 3 = High. */
export function readPriority(text: string): Priority | Refusal {
  const key = text.toLowerCase();
  const found = Object.hasOwn(priorities, key) ? priorities[key] : undefined;
  return found ?? refuse("is no priority", text, "write High, Normal or Low, or 1 = Low, 2 = Normal, 3 = High");
}

function refuse(predicate: string, found: string, hint: string): Refusal {
  return { code: "QI016", predicate, found, hint };
}
