/** An enumeration: stored as its number, answered by name, filtered by name or by the number in quotes. */
export interface Enumeration {
  readonly name: string;
  readonly members: readonly string[];
}

export type PropertyType =
  | "string"
  | "integer"
  | "decimal"
  | "boolean"
  | "instant"
  | "guid"
  | "bytes"
  | "json"
  | Enumeration;

/** A property of an entity and the column behind it. */
export interface Property {
  readonly type: PropertyType;
  readonly column: string;
  /** A column that holds the text folded for comparison; without one it is folded in the query. */
  readonly folded?: string;
  /** UTF-16 units after which a text is cut; JSON that is longer is left out, as half of it would be none. */
  readonly maxLength?: number;
}

/** A to-one navigation: `column` of this entity holds the Id of the other. */
interface Navigation {
  readonly entity: Entity;
  readonly column: string;
}

/** What of an entity can be read, filtered and ordered: the whitelist between OData and SQL. */
export interface Entity {
  readonly name: string;
  /** Table or view, with a column `id`. */
  readonly from: string;
  readonly properties: Readonly<Record<string, Property>>;
  readonly navigations: Readonly<Record<string, Navigation>>;
  /** To-many navigations, for `$expand` only: `column` of the other entity holds the Id of this one. */
  readonly collections?: Readonly<Record<string, Navigation>>;
  /** The same rows as `from`, in the order in which they are best counted. */
  readonly counted?: string;
  /** Whether its rows change with the clock alone, without a write. */
  readonly timed?: true;
}

/** A member by its name in any case: `state eq 'Running'` is what UiPath's own SDK sends. */
export function memberOf<Value>(
  members: Readonly<Record<string, Value>>,
  name: string,
): readonly [name: string, value: Value] | undefined {
  if (Object.hasOwn(members, name)) return [name, members[name] as Value];
  const folded = name.toLowerCase();
  return Object.entries(members).find(([key]) => key.toLowerCase() === folded);
}
