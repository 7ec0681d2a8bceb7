import { invalidQuery } from "../errors.ts";
import { formatInstant } from "../instant.ts";
import { parseJson } from "../json.ts";
import type { Database, Row, RowValue } from "../store/database.ts";
import type { Expansion } from "./ast.ts";
import { memberOf, type Entity, type Property } from "./model.ts";
import type { QueryOptions } from "./options.ts";
import type { Sql } from "./operands.ts";
import { Translator } from "./sql.ts";

/** An entity as answers carry it. */
export type Resource = Readonly<Record<string, unknown>>;

/** A page of a collection, and how many rows the filter has found if that was asked for. */
export interface Page {
  readonly value: readonly Resource[];
  readonly count: number | undefined;
}

/** A fixed condition on the entity's own columns, such as the folder of the call. */
export interface Scope {
  readonly sql: string;
  readonly values: readonly RowValue[];
}

/** What a reader wants of each entity. */
export interface Shape {
  readonly select: readonly string[] | undefined;
  readonly expand: readonly Expansion[];
}

/** Reads a page. `order` is the entity's own order where `$orderby` names none. */
export function readPage(
  db: Database,
  entity: Entity,
  scope: Scope,
  options: QueryOptions,
  order: "ASC" | "DESC",
): Page {
  const translator = new Translator(entity);
  const condition = options.filter ? translator.where(options.filter) : undefined;
  const ordering = [...translator.orderBy(options.orderBy), `t0.id ${order}`].join(", ");
  const shape = reader(entity, options);
  const [where, values] = conditions(scope, condition);
  const from = translator.from();
  const count = options.count ? db.get(`SELECT count(*) AS n FROM ${from} ${where}`, ...values)?.["n"] : undefined;
  const page = `SELECT t0.* FROM ${from} ${where} ORDER BY ${ordering} LIMIT ? OFFSET ?`;
  const rows = db.all(page, ...values, options.top, options.skip);
  return { value: rows.map((row) => shape(db, row)), count: count === undefined ? undefined : Number(count) };
}

/** Reads the first entity in scope, if there is one. */
export function readOne(db: Database, entity: Entity, scope: Scope, shape: Shape): Resource | undefined {
  const read = reader(entity, shape);
  const row = db.get(`SELECT t0.* FROM ${entity.from} AS t0 WHERE ${scope.sql} LIMIT 1`, ...scope.values);
  return row === undefined ? undefined : read(db, row);
}

function conditions(scope: Scope, filter: Sql | undefined): readonly [string, readonly RowValue[]] {
  if (!filter) return [`WHERE ${scope.sql}`, scope.values];
  return [`WHERE ${scope.sql} AND ${filter.text}`, [...scope.values, ...filter.values]];
}

/** Checks `$select` and `$expand` once; what it returns turns rows into resources. */
function reader(entity: Entity, { select, expand }: Shape): (db: Database, row: Row) => Resource {
  const properties = selected(entity, select);
  const expansions = expand.map((expansion) => {
    const found = memberOf(entity.navigations, expansion.name);
    if (!found) throw invalidQuery(`'${entity.name}' has no navigation '${expansion.name}'.`, expansion.at);
    const [name, { entity: target, column }] = found;
    return { name, column, target, read: reader(target, expansion) };
  });
  return (db, row) => {
    const resource: Record<string, unknown> = {};
    for (const [name, property] of properties) resource[name] = decode(property, row[property.column] ?? null);
    for (const { name, column, target, read } of expansions) {
      const related = db.get(`SELECT t0.* FROM ${target.from} AS t0 WHERE t0.id = ?`, row[column] ?? null);
      resource[name] = related === undefined ? null : read(db, related);
    }
    return resource;
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

function decode({ type }: Property, value: Row[string]): unknown {
  if (value === null) return null;
  if (typeof type === "object") return type.members[Number(value)] ?? null;
  switch (type) {
    case "boolean":
      return value !== 0;
    case "instant":
      return formatInstant(String(value));
    case "bytes":
      return encodeRowVersion(Number(value));
    case "json":
      return parseJson(String(value));
    case "decimal":
      return Math.round(Number(value) * 100) / 100;
    case "integer":
    case "string":
    case "guid":
      return value;
  }
}

/** A RowVersion: eight bytes, big-endian, in base64. */
function encodeRowVersion(version: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(version));
  return bytes.toString("base64");
}

/** The number in a RowVersion, or undefined when the text is none. */
export function decodeRowVersion(text: string): number | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === 8 && bytes.toString("base64") === text ? Number(bytes.readBigUInt64BE()) : undefined;
}
