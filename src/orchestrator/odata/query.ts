import type { Filter } from "./filter.ts";

export interface Query {
  readonly filter?: Filter;
  /** `Id asc`; sort by Id only, strict servers refuse the rest (API guide, strict mode). */
  readonly orderBy?: string;
  readonly top?: number;
  /** Only for what ends: rows that come or go meanwhile move those behind them. */
  readonly skip?: number;
  readonly expand?: string;
  /** Asks for `@odata.count`: newer servers leave it out otherwise (release notes, June 2024). */
  readonly count?: true;
  /** In a list across folders: only of those where the account has this permission, too (OpenAPI 15.0 and later). */
  readonly mandatoryPermissions?: string | undefined;
}

/** How large a query may be. */
export interface QueryLimits {
  readonly nodes: number;
  /** Of the percent-encoded query string. */
  readonly bytes: number;
}

/** What every server takes: 100 nodes, and the 2,048 bytes of a query string that IIS allows, with room to spare. */
export const limits: QueryLimits = { nodes: 100, bytes: 2000 };

/**
 * The percent-encoded query string. Whole values are encoded, blanks as %20: `URLSearchParams` writes `+`, which
 * OData back ends may take literally, and some builds refuse raw blanks and quotes (field reports).
 */
export function queryString({ filter, orderBy, top, skip, expand, count, mandatoryPermissions }: Query): string {
  const options = [
    ...(filter === undefined ? [] : [`$filter=${encode(filter.text)}`]),
    ...(orderBy === undefined ? [] : [`$orderby=${encode(orderBy)}`]),
    ...(top === undefined ? [] : [`$top=${top}`]),
    ...(skip === undefined || skip === 0 ? [] : [`$skip=${skip}`]),
    ...(expand === undefined ? [] : [`$expand=${encode(expand)}`]),
    ...(count === undefined ? [] : ["$count=true"]),
    ...(mandatoryPermissions === undefined ? [] : [`mandatoryPermissions=${encode(mandatoryPermissions)}`]),
  ];
  return options.join("&");
}

export function fits(query: Query, within: QueryLimits = limits): boolean {
  const { nodes, bytes } = sizeOf(query);
  return nodes <= within.nodes && bytes <= within.bytes;
}

function sizeOf(query: Query): QueryLimits {
  return { nodes: query.filter?.nodes ?? 0, bytes: queryString(query).length };
}

/**
 * Cuts values into the fewest runs whose query fits, in order. `build` makes the query of a run; each value must make
 * it longer by the same, whatever stands beside it. A value that does not fit alone has a run of its own: the server
 * will say what it thinks of it.
 */
export function runs<T>(
  values: Iterable<T>,
  build: (values: readonly T[]) => Query,
  within: QueryLimits = limits,
): T[][] {
  const pack = new Pack(build, within);
  const found: T[][] = [];
  for (const value of values) {
    if (pack.takes(value)) continue;
    found.push(pack.empty());
    pack.takes(value);
  }
  const rest = pack.empty();
  return rest.length === 0 ? found : [...found, rest];
}

/** Fills one query with values: each is measured once, so a million of them cost no more than a million. */
export class Pack<T> {
  readonly #build: (values: readonly T[]) => Query;
  readonly #within: QueryLimits;
  /** A pair of values, and its query's size: a list of one may be written without its brackets. */
  #pair: { readonly of: T; readonly size: QueryLimits } | undefined;
  /** The query without values. */
  #frame: QueryLimits = { nodes: 0, bytes: 0 };
  #nodes = 0;
  #bytes = 0;
  #values: T[] = [];
  /** By their length, what texts of plain characters add: each of those is a byte. */
  readonly #plain = new Map<number, QueryLimits>();

  constructor(build: (values: readonly T[]) => Query, within: QueryLimits) {
    this.#build = build;
    this.#within = within;
  }

  /** Adds the value if the query still fits then, or holds nothing else. */
  takes(value: T): boolean {
    const { nodes, bytes } = this.#sizeOf(value);
    const fitting =
      this.#frame.nodes + this.#nodes + nodes <= this.#within.nodes &&
      this.#frame.bytes + this.#bytes + bytes <= this.#within.bytes;
    if (!fitting && this.#values.length > 0) return false;
    this.#nodes += nodes;
    this.#bytes += bytes;
    this.#values.push(value);
    return true;
  }

  /** What was taken, in order; the next run begins. */
  empty(): T[] {
    const values = this.#values;
    this.#values = [];
    this.#nodes = 0;
    this.#bytes = 0;
    return values;
  }

  #sizeOf(value: T): QueryLimits {
    if (typeof value !== "string" || !plain.test(value)) return this.#sizeBeside(value);
    const known = this.#plain.get(value.length) ?? this.#sizeBeside(value);
    this.#plain.set(value.length, known);
    return known;
  }

  /** What a value adds to two others. */
  #sizeBeside(value: T): QueryLimits {
    const { of, size } = (this.#pair ??= this.#measure(value));
    const three = sizeOf(this.#build([of, of, value]));
    return { nodes: three.nodes - size.nodes, bytes: three.bytes - size.bytes };
  }

  #measure(value: T): { readonly of: T; readonly size: QueryLimits } {
    const size = sizeOf(this.#build([value, value]));
    const three = sizeOf(this.#build([value, value, value]));
    const each = { nodes: three.nodes - size.nodes, bytes: three.bytes - size.bytes };
    this.#frame = { nodes: size.nodes - 2 * each.nodes, bytes: size.bytes - 2 * each.bytes };
    return { of: value, size };
  }
}

/** Characters that are written as they are in literals and in addresses. */
const plain = /^[\w-]*$/;

function encode(value: string): string {
  // encodeURIComponent leaves !'()* alone; the quote is the one that proxies and strict builds stumble over.
  return encodeURIComponent(value).replaceAll("'", "%27");
}
