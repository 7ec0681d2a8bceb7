import { invalidQuery } from "../errors.ts";
import type { ComparisonOperator, Expression, Ordering } from "./ast.ts";
import { memberOf, type Entity, type Property } from "./model.ts";
import { align, compareNull, isNull, literalValue, type Operand, type Sql } from "./operands.ts";

const symbols: Readonly<Record<ComparisonOperator, string>> = {
  eq: "=",
  ne: "IS NOT",
  gt: ">",
  ge: ">=",
  lt: "<",
  le: "<=",
};

const dateParts: Readonly<Record<string, readonly [start: number, length: number]>> = {
  year: [1, 4],
  month: [6, 2],
  day: [9, 2],
  hour: [12, 2],
  minute: [15, 2],
  second: [18, 2],
};

/** Turns `$filter` and `$orderby` on one entity into SQL; collects the joins that navigation paths need. */
export class Translator {
  readonly #entity: Entity;
  readonly #joins = new Map<string, { readonly alias: string; readonly sql: string }>();

  constructor(entity: Entity) {
    this.#entity = entity;
  }

  /** The FROM clause; the entity itself is `t0`. Call it after everything else. */
  from(rows = this.#entity.from): string {
    return [`${rows} AS t0`, ...[...this.#joins.values()].map((join) => join.sql)].join(" ");
  }

  where(filter: Expression): Sql {
    return this.#condition(filter, false);
  }

  orderBy(orderings: readonly Ordering[]): string[] {
    return orderings.map(({ segments, descending, at }) => {
      const { text, folded, type } = this.#path(segments, at);
      if (type === "json") throw invalidQuery(`The property '${segments.join("/")}' cannot be sorted by.`, at);
      const key = type === "string" ? (folded ?? `fold(${text})`) : text;
      return `${key} ${descending ? "DESC" : "ASC"}`;
    });
  }

  /**
   * A truth value. A comparison with null is false, never unknown (OData 4.0, URL conventions 5.1.1.1); where
   * nothing negates it, SQL's unknown does the same and leaves indexes usable.
   */
  #condition(expression: Expression, negated: boolean): Sql {
    switch (expression.kind) {
      case "logical": {
        const left = this.#condition(expression.left, negated);
        const right = this.#condition(expression.right, negated);
        return {
          text: `(${left.text} ${expression.operator.toUpperCase()} ${right.text})`,
          values: [...left.values, ...right.values],
        };
      }
      case "not": {
        const operand = this.#condition(expression.operand, true);
        return { text: `(NOT ${operand.text})`, values: operand.values };
      }
      case "comparison":
        return definite(this.#comparison(expression), negated);
      case "in":
        return definite(this.#in(expression), negated);
      case "call":
      case "path":
      case "literal": {
        const value = this.#value(expression);
        if (value.type !== "boolean") throw invalidQuery("The filter must be a truth value.", expression.at);
        return value;
      }
    }
  }

  #comparison({ operator, left, right, at }: Extract<Expression, { kind: "comparison" }>): Sql {
    const leftValue = this.#value(left);
    const rightValue = this.#value(right);
    if (isNull(leftValue) || isNull(rightValue)) return compareNull(operator, leftValue, rightValue);
    const [a, b] = align(leftValue, rightValue, at);
    const values = [...a.values, ...b.values];
    if (a.literal === undefined && b.literal === undefined && operator === "eq") {
      return { text: `(${a.text} IS ${b.text})`, values }; // two nulls are equal
    }
    return { text: `(${a.text} ${symbols[operator]} ${b.text})`, values };
  }

  #in({ left, values, at }: Extract<Expression, { kind: "in" }>): Sql {
    const target = this.#value(left);
    const aligned = values.map((value) => align(target, literalValue(value), at));
    const known = aligned.filter(([, value]) => !isNull(value));
    const subject = known[0]?.[0] ?? target;
    const list = `${subject.text} IN (${known.map(([, value]) => value.text).join(", ")})`;
    const orNull = known.length < aligned.length ? ` OR ${target.text} IS NULL` : "";
    const extra = orNull === "" ? [] : target.values;
    return {
      text: `(${list}${orNull})`,
      values: [...subject.values, ...known.flatMap(([, value]) => value.values), ...extra],
    };
  }

  #value(expression: Expression): Operand {
    switch (expression.kind) {
      case "literal":
        return literalValue(expression.literal);
      case "path":
        return this.#path(expression.segments, expression.at);
      case "call":
        return this.#call(expression);
      case "not":
      case "logical":
      case "comparison":
      case "in":
        return { ...this.#condition(expression, true), type: "boolean" };
    }
  }

  #path(segments: readonly string[], at: number): Operand {
    let entity = this.#entity;
    let alias = "t0";
    for (const [index, segment] of segments.entries()) {
      if (index === segments.length - 1) return { ...this.#property(entity, alias, segment, at), values: [] };
      const found = memberOf(entity.navigations, segment);
      if (!found) throw unknownProperty(entity, segment, at);
      const [name, navigation] = found;
      alias = this.#join(alias, name, navigation.entity, navigation.column);
      entity = navigation.entity;
    }
    throw invalidQuery("A property is missing.", at);
  }

  #property(entity: Entity, alias: string, name: string, at: number): Omit<Operand, "values"> {
    const property: Property | undefined = memberOf(entity.properties, name)?.[1];
    if (!property) throw unknownProperty(entity, name, at);
    const text = `${alias}.${property.column}`;
    const folded = property.folded === undefined ? {} : { folded: `${alias}.${property.folded}` };
    return { text, type: property.type, ...folded };
  }

  #join(from: string, name: string, entity: Entity, column: string): string {
    const key = `${from}/${name}`;
    const known = this.#joins.get(key);
    if (known) return known.alias;
    const alias = `t${this.#joins.size + 1}`;
    this.#joins.set(key, { alias, sql: `LEFT JOIN ${entity.from} AS ${alias} ON ${alias}.id = ${from}.${column}` });
    return alias;
  }

  #call({ name, arguments: operands, at }: Extract<Expression, { kind: "call" }>): Operand {
    const parts = operands.map((operand) => this.#value(operand));
    const [first, second] = parts;
    const values = parts.flatMap((part) => part.values);
    const textual = parts.every((part) => part.type === "string" && !isNull(part));
    if (first && second && parts.length === 2 && textual) {
      const [whole, piece] = [`fold_case(${first.text})`, `fold_case(${second.text})`];
      if (name === "contains") return { text: `(instr(${whole}, ${piece}) > 0)`, values, type: "boolean" };
      if (name === "indexof") return { text: `(instr(${whole}, ${piece}) - 1)`, values, type: "integer" };
      if (name === "startswith") return { text: `starts_with(${whole}, ${piece})`, values, type: "boolean" };
      if (name === "endswith") return { text: `ends_with(${whole}, ${piece})`, values, type: "boolean" };
    }
    if (first && parts.length === 1) {
      if (textual && name === "tolower") return { text: `to_lower(${first.text})`, values, type: "string" };
      if (textual && name === "toupper") return { text: `to_upper(${first.text})`, values, type: "string" };
      const part = dateParts[name];
      if (part && first.type === "instant") {
        return { text: `CAST(substr(${first.text}, ${part[0]}, ${part[1]}) AS INTEGER)`, values, type: "integer" };
      }
      if (name === "date" && first.type === "instant") {
        return { text: `substr(${first.text}, 1, 10)`, values, type: "date" };
      }
    }
    throw invalidQuery(`No function '${name}' takes these arguments.`, at);
  }
}

function definite(sql: Sql, negated: boolean): Sql {
  return negated ? { text: `coalesce(${sql.text}, 0)`, values: sql.values } : sql;
}

function unknownProperty(entity: Entity, name: string, at: number): Error {
  return invalidQuery(`Could not find a property named '${name}' on type '${entity.name}'.`, at);
}
