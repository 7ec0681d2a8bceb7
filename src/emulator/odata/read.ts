import { JsonText, parseJson } from "../json.ts";
import type { Database, RowValue } from "../store/database.ts";
import { bookmarkFor } from "./bookmark.ts";
import type { Entity } from "./model.ts";
import type { QueryOptions } from "./options.ts";
import type { Sql } from "./operands.ts";
import { Translator } from "./sql.ts";
import { RowWriter, type Shape } from "./writer.ts";

/** An entity as answers carry it. */
export type Resource = Readonly<Record<string, unknown>>;

/** A page of a collection, and how many rows the filter has found if that was asked for. */
export interface Page {
  readonly value: JsonText;
  readonly count: number | undefined;
}

/** A fixed condition on the entity's own columns, such as the folder of the call. */
export interface Scope {
  readonly sql: string;
  readonly values: readonly RowValue[];
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
  const condition = conditions(scope, options.filter && translator.where(options.filter));
  const count = options.count ? counted(db, entity, translator.from(entity.counted), condition) : undefined;
  const ordering = [...translator.orderBy(options.orderBy), `t0.id ${order}`];
  const writer = new RowWriter(entity, options);
  const select = `SELECT ${writer.columns} FROM ${translator.from()}`;
  const bookmark = entity.timed === true ? undefined : bookmarkFor(ordering, [select, condition]);
  const start = bookmark?.find(db, options.skip) ?? { ...condition, skip: options.skip };
  const page = `${select} WHERE ${start.sql} ORDER BY ${ordering.join(", ")} LIMIT ? OFFSET ?`;
  const rows = db.rows(page, ...start.values, options.top, start.skip);
  bookmark?.put(db, options.skip, rows.map(writer.idOf));
  return { value: new JsonText(`[${rows.map((row) => writer.write(db, row)).join(",")}]`), count };
}

/** The rows of a page, for handlers that make something else of them. */
export function resourcesOf({ value }: Page): readonly Resource[] {
  return parseJson(value.text) as readonly Resource[];
}

/** What the clock alone can change is counted each time, all else once between two writes. */
function counted(db: Database, { timed }: Entity, from: string, { sql, values }: Scope): number {
  const key = JSON.stringify(["count", from, sql, ...values.map(String)]);
  const known = timed === true ? undefined : db.findings.get(key);
  if (typeof known === "number") return known;
  const number = Number(db.rows(`SELECT count(*) FROM ${from} WHERE ${sql}`, ...values)[0]?.[0]);
  if (timed !== true) db.findings.set(key, number);
  return number;
}

/** Reads the first entity in scope, if there is one. */
export function readOne(db: Database, entity: Entity, scope: Scope, shape: Shape): Resource | undefined {
  const writer = new RowWriter(entity, shape);
  const sql = `SELECT ${writer.columns} FROM ${entity.from} AS t0 WHERE ${scope.sql} LIMIT 1`;
  const [row] = db.rows(sql, ...scope.values);
  return row && (parseJson(writer.write(db, row)) as Resource);
}

function conditions(scope: Scope, filter: Sql | undefined): Scope {
  if (!filter) return scope;
  return { sql: `${scope.sql} AND ${filter.text}`, values: [...scope.values, ...filter.values] };
}
