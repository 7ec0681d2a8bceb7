import { invalidQuery } from "../errors.ts";
import { formatInstant } from "../instant.ts";
import type { Database, RowValue } from "../store/database.ts";
import type { Expansion } from "./ast.ts";
import { memberOf, type Entity, type Property } from "./model.ts";
import { encodeRowVersion } from "./row-version.ts";

/** What a reader wants of each entity. */
export interface Shape {
  readonly select: readonly string[] | undefined;
  readonly expand: readonly Expansion[];
}

type Encode = (value: RowValue) => string;
type Cells = readonly RowValue[];

/**
 * Writes rows of an entity as JSON. It goes from columns to text at once: a page of objects with forty members, made
 * only to be written, takes three times as long (bench).
 */
export class RowWriter {
  /** The columns that it needs, of the alias `t0`, in the order of the cells that {@link write} is given. */
  readonly columns: string;
  /** The Id of a row, whether or not it is written. */
  readonly idOf: (cells: Cells) => number;
  readonly #members: readonly (readonly [prefix: string, cell: number, encode: Encode])[];
  readonly #expansions: readonly ((db: Database, cells: Cells) => string)[];

  /** Checks `$select` and `$expand`. */
  constructor(entity: Entity, { select, expand }: Shape) {
    const cells = new Map<string, number>();
    const cellOf = (column: string): number => {
      if (!cells.has(column)) cells.set(column, cells.size);
      return cells.get(column) ?? 0;
    };
    this.#members = selected(entity, select).map(([name, property], index) => [
      `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`,
      cellOf(property.column),
      encoder(property),
    ]);
    this.#expansions = expand.map((expansion) => expander(entity, expansion, cellOf));
    const id = cellOf("id");
    this.idOf = (row) => Number(row[id]);
    this.columns = [...cells.keys()].map((column) => `t0.${column}`).join(", ");
  }

  write(db: Database, cells: Cells): string {
    let text = "";
    for (const [prefix, cell, encode] of this.#members) {
      const value = cells[cell] ?? null;
      text += prefix;
      text += value === null ? "null" : encode(value);
    }
    for (const expansion of this.#expansions) text += `,${expansion(db, cells)}`;
    return `${text}}`;
  }
}

function expander(
  entity: Entity,
  expansion: Expansion,
  cellOf: (column: string) => number,
): (db: Database, cells: Cells) => string {
  const one = memberOf(entity.navigations, expansion.name);
  const found = one ?? memberOf(entity.collections ?? {}, expansion.name);
  if (!found) throw invalidQuery(`'${entity.name}' has no navigation '${expansion.name}'.`, expansion.at);
  const [name, { entity: target, column }] = found;
  const writer = new RowWriter(target, expansion);
  const sql = `SELECT ${writer.columns} FROM ${target.from} AS t0 WHERE t0.`;
  const prefix = `${JSON.stringify(name)}:`;
  if (one) {
    const cell = cellOf(column);
    return (db, cells) => {
      const [related] = db.rows(`${sql}id = ?`, cells[cell] ?? null);
      return `${prefix}${related ? writer.write(db, related) : "null"}`;
    };
  }
  const cell = cellOf("id");
  return (db, cells) => {
    const related = db.rows(`${sql}${column} = ? ORDER BY t0.id`, cells[cell] ?? null);
    return `${prefix}[${related.map((row) => writer.write(db, row)).join(",")}]`;
  };
}

function selected(entity: Entity, select: readonly string[] | undefined): readonly (readonly [string, Property])[] {
  if (!select) return Object.entries(entity.properties);
  const chosen = select.map((name) => {
    const found = memberOf(entity.properties, name);
    if (!found) throw invalidQuery(`Could not find a property named '${name}' on type '${entity.name}'.`);
    return found;
  });
  return [...new Map(chosen)];
}

function encoder(property: Property): Encode {
  const { type, maxLength } = property;
  const whole = encoderOf(property);
  if (maxLength === undefined) return whole;
  return (value) => {
    if (typeof value !== "string" || value.length <= maxLength) return whole(value);
    return type === "json" ? "null" : whole(value.slice(0, maxLength));
  };
}

/** How a property's column becomes JSON; null is none of its business. */
function encoderOf({ type }: Property): Encode {
  if (typeof type === "object") {
    const members = type.members.map((member) => JSON.stringify(member));
    return (value) => members[Number(value)] ?? "null";
  }
  switch (type) {
    case "boolean":
      return (value) => (value === 0 ? "false" : "true");
    case "instant":
      return (value) => `"${formatInstant(String(value))}"`;
    case "bytes":
      return (value) => `"${encodeRowVersion(Number(value))}"`;
    case "json":
      return String; // it is stored as JSON
    case "decimal":
      return (value) => String(Math.round(Number(value) * 100) / 100);
    case "integer":
      return String;
    case "guid":
      return (value) => `"${String(value)}"`;
    case "string":
      return (value) => JSON.stringify(value);
  }
}
