import { invalidQuery } from "../errors.ts";
import { fold } from "../text.ts";
import { isUuid } from "../uuid.ts";
import type { ComparisonOperator, Literal } from "./ast.ts";
import type { PropertyType } from "./model.ts";

type SqlValue = string | number | bigint | null;

/** A piece of SQL and the values of its question marks, in order. Values never become part of the text. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** A value of an expression with its type; literals also as written. */
export interface Operand extends Sql {
  readonly type: PropertyType | "date";
  readonly literal?: Literal;
  readonly folded?: string;
}

/** A comparison with null: equality asks, every other one is false. */
export function compareNull(operator: ComparisonOperator, left: Operand, right: Operand): Sql {
  const values = [...left.values, ...right.values];
  if (operator === "eq") return { text: `(${left.text} IS ${right.text})`, values };
  if (operator === "ne") return { text: `(${left.text} IS NOT ${right.text})`, values };
  return { text: "0", values: [] };
}

export function isNull(value: Operand): boolean {
  return value.literal?.type === "null";
}

/** A literal as a parameter of SQL. */
export function literalValue(literal: Literal): Operand {
  switch (literal.type) {
    case "null":
      return { text: "?", values: [null], type: "string", literal };
    case "boolean":
      return { text: "?", values: [literal.value ? 1 : 0], type: "boolean", literal };
    case "string":
    case "integer":
    case "decimal":
    case "guid":
    case "instant":
    case "date":
      return { text: "?", values: [literal.value], type: literal.type, literal };
  }
}

/** Brings both sides of a comparison to one type, or refuses: the server does not convert between types. */
export function align(left: Operand, right: Operand, at: number): readonly [Operand, Operand] {
  if (isNull(right)) return [left, right];
  if (left.literal && !right.literal) {
    const [a, b] = align(right, left, at);
    return [b, a];
  }
  if (left.type === "json") throw incompatible(left, right, at);
  if (typeof left.type === "object") return [left, enumeration(left, right, at)];
  if (left.type === "string" && right.type === "string") return [foldedText(left), foldedText(right)];
  if (left.type === "guid" && right.literal?.type === "string" && isUuid(right.literal.value)) {
    return [left, { ...right, values: [right.literal.value.toLowerCase()] }];
  }
  const numeric = new Set<Operand["type"]>(["integer", "decimal"]);
  if (left.type === right.type || (numeric.has(left.type) && numeric.has(right.type))) return [left, right];
  throw incompatible(left, right, at);
}

function enumeration(left: Operand, right: Operand, at: number): Operand {
  if (typeof left.type !== "object") throw incompatible(left, right, at);
  if (right.type === left.type && !right.literal) return right;
  if (right.literal?.type !== "string") throw incompatible(left, right, at);
  const number = enumerationNumber(left.type.members, right.literal.value);
  if (number === undefined) throw invalidQuery(`'${right.literal.value}' is not a ${left.type.name}.`, at);
  return { ...right, values: [number] };
}

/** The number of an enumeration's member, given by its name in any case or by its number in digits. */
export function enumerationNumber(members: readonly string[], text: string): number | undefined {
  const index = members.findIndex((member) => member.toLowerCase() === text.toLowerCase());
  if (index >= 0) return index;
  return /^\d+$/.test(text) && Number(text) < members.length ? Number(text) : undefined;
}

function foldedText(value: Operand): Operand {
  if (value.literal?.type === "string") return { ...value, values: [fold(value.literal.value)] };
  return { ...value, text: value.folded ?? `fold(${value.text})` };
}

function typeName(type: Operand["type"]): string {
  return typeof type === "object" ? type.name : type;
}

function incompatible(left: Operand, right: Operand, at: number): Error {
  return invalidQuery(`Incompatible types '${typeName(left.type)}' and '${typeName(right.type)}'.`, at);
}
