import type { Filter } from "./filter.ts";

export interface Query {
  readonly filter?: Filter;
  /** `Id asc`; sort by Id only, strict servers refuse the rest (API guide, strict mode). */
  readonly orderBy?: string;
  readonly top?: number;
  readonly expand?: string;
}

/** What every server takes: 100 nodes, and the 2,048 bytes of a query string that IIS allows, with room to spare. */
export const limits: { readonly nodes: number; readonly bytes: number } = { nodes: 100, bytes: 2000 };

/**
 * The percent-encoded query string. Whole values are encoded, blanks as %20: `URLSearchParams` writes `+`, which
 * OData back ends may take literally, and some builds refuse raw blanks and quotes (field reports).
 */
export function queryString({ filter, orderBy, top, expand }: Query): string {
  const options = [
    ...(filter === undefined ? [] : [`$filter=${encode(filter.text)}`]),
    ...(orderBy === undefined ? [] : [`$orderby=${encode(orderBy)}`]),
    ...(top === undefined ? [] : [`$top=${top}`]),
    ...(expand === undefined ? [] : [`$expand=${encode(expand)}`]),
  ];
  return options.join("&");
}

export function fits(query: Query): boolean {
  return (query.filter?.nodes ?? 0) <= limits.nodes && queryString(query).length <= limits.bytes;
}

/**
 * Cuts values into the fewest runs whose query fits, in order. `build` makes the query of a run; it must grow with
 * every value. A value that does not fit alone has a run of its own: the server will say what it thinks of it.
 */
export function runs<T>(values: readonly T[], build: (values: readonly T[]) => Query): T[][] {
  const found: T[][] = [];
  let current: T[] = [];
  for (const value of values) {
    const longer = [...current, value];
    if (current.length === 0 || fits(build(longer))) current = longer;
    else {
      found.push(current);
      current = [value];
    }
  }
  return current.length === 0 ? found : [...found, current];
}

function encode(value: string): string {
  // encodeURIComponent leaves !'()* alone; the quote is the one that proxies and strict builds stumble over.
  return encodeURIComponent(value).replaceAll("'", "%27");
}
