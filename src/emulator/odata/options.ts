import { invalidQuery, Refusal } from "../errors.ts";
import type { Expansion, Expression, Ordering } from "./ast.ts";
import { parseExpand, parseFilter, parseOrderBy, parseSelect } from "./parser.ts";

/** The query options of a call, read and checked. */
export interface QueryOptions {
  readonly filter: Expression | undefined;
  readonly orderBy: readonly Ordering[];
  readonly select: readonly string[] | undefined;
  readonly expand: readonly Expansion[];
  readonly top: number;
  readonly skip: number;
  readonly count: boolean;
}

/** Which query options a path takes, by the contract: a collection all, an entity two, an action the same or none. */
export type OptionSet = "list" | "entity" | "none";

const allowed: Readonly<Record<OptionSet, ReadonlySet<string>>> = {
  list: new Set(["$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count"]),
  entity: new Set(["$select", "$expand"]),
  none: new Set(),
};

/** Splits a query string; `+` is a blank, as form encoders write it. */
export function splitQuery(query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const pair of query.split("&").filter((part) => part !== "")) {
    const [name = "", ...rest] = pair.split("=");
    const key = decode(name);
    if (options.has(key)) throw invalidQuery(`Query option '${key}' was specified more than once.`);
    options.set(key, decode(rest.join("=")));
  }
  return options;
}

/** Checks that a path takes the options it was given; `plain` are those without `$`. */
export function checkOptions(given: ReadonlyMap<string, string>, set: OptionSet, plain: readonly string[]): void {
  const unknown = [...given.keys()].find((name) => !allowed[set].has(name) && !plain.includes(name));
  if (unknown !== undefined) {
    throw invalidQuery(`The query parameter '${unknown}' is not supported.`);
  }
}

/** What an edition says of the lists of one path. */
interface ListLimits {
  readonly maxTop: number;
  /** Whether rows are counted without `$count=true`. */
  readonly alwaysCounts: boolean;
}

export function readOptions(given: ReadonlyMap<string, string>, limits: ListLimits): QueryOptions {
  const filter = given.get("$filter");
  const orderBy = given.get("$orderby");
  const select = given.get("$select");
  const expand = given.get("$expand");
  return {
    filter: filter === undefined ? undefined : parseFilter(filter),
    orderBy: orderBy === undefined ? [] : parseOrderBy(orderBy),
    select: select === undefined ? undefined : parseSelect(select),
    expand: expand === undefined ? [] : parseExpand(expand),
    top: readTop(given.get("$top"), limits.maxTop),
    skip: readNumber("$skip", given.get("$skip")) ?? 0,
    count: readCount(given.get("$count")) || limits.alwaysCounts,
  };
}

/** Without `$top` a list ends after as many rows as it may have (forum, of 2021.4 and later). */
function readTop(text: string | undefined, max: number): number {
  const top = readNumber("$top", text) ?? max;
  if (top > max) throw new Refusal("InvalidArgument", `The field take must be between 0 and ${max}`);
  return top;
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw invalidQuery(`Invalid value '${text}' for ${name}.`);
  return Number(text);
}

function readCount(text: string | undefined): boolean {
  if (text !== undefined && text !== "true" && text !== "false")
    throw invalidQuery(`Invalid value '${text}' for $count.`);
  return text === "true";
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw invalidQuery(`'${text}' is not percent-encoded.`);
  }
}
