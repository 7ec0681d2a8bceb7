import { apiVersion, type Edition } from "../editions.ts";
import { invalidQuery } from "../errors.ts";
import type { Instant } from "../instant.ts";
import { checkOptions, readOptions, type OptionSet, type QueryOptions } from "../odata/options.ts";
import type { Database } from "../store/database.ts";
import type { Folder } from "../store/folders.ts";
import { isUuid } from "../uuid.ts";
import { bind, type Reader } from "./body.ts";

/** Who calls: a user of the tenant, or an external application. */
export type Caller =
  | {
      readonly kind: "user";
      readonly userId: number | null;
      /** By the emulator's own token. */ readonly isOwner?: true;
    }
  | { readonly kind: "application"; readonly clientId: string; readonly scopes: readonly string[] };

/** A call that has passed the door: authenticated, its path known, its folder found. */
export interface Call {
  readonly db: Database;
  readonly edition: Edition;
  readonly now: Instant;
  /** The emulator's URL, for `@odata.context`. */
  readonly url: string;
  readonly caller: Caller;
  readonly folder: Folder | undefined;
  /** Ids of the folders in which the caller may do this; undefined for all. */
  readonly reach: readonly number[] | undefined;
  /** The key in parentheses, as in `QueueItems(5)`. */
  readonly key: number;
  /** The parameters of a function, as in `GetByKey(identifier=…)`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The query options as given, those without `$` included: `GetAllForCurrentUser?take=100`. */
  readonly given: ReadonlyMap<string, string>;
  readonly options: QueryOptions;
  /** How many rows of a bulk call are carried out before the server breaks down; all when undefined. */
  readonly rows: number | undefined;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `write` needs a folder, `read` goes across all folders without one, `none` knows no folders. */
export type FolderUse = "none" | "read" | "write";

interface RouteSettings {
  readonly folder: FolderUse;
  readonly options: OptionSet;
  /** Query options without `$` that the contract has for the path. */
  readonly plain?: readonly string[];
  /** The first and the last API version that has the path; every version when left out. */
  readonly versions?: readonly [first: number, last: number];
}

export interface Route extends RouteSettings {
  readonly handle: (call: Call, body: string) => Reply;
}

/** Paths by method and pattern. */
export type Routes = Readonly<Record<string, Route>>;

/** A path that is read. */
export function query(settings: RouteSettings, handle: (call: Call) => Reply): Route {
  return { ...settings, handle };
}

/** A path that writes what its body says. `parameter` is the name in the refusal of a body that does not bind. */
export function action<Body>(
  settings: RouteSettings & { readonly parameter: string; readonly body: Reader<Body> },
  handle: (call: Call, body: Body) => Reply,
): Route {
  const { parameter, body: reader, ...rest } = settings;
  return { ...rest, handle: (call, body) => handle(call, bind(body, parameter, reader, apiVersion(call.edition))) };
}

/** A request path taken apart; `pattern` is how the route table spells it. */
export interface Target {
  readonly pattern: string;
  readonly key: number;
  readonly parameters: Readonly<Record<string, string>>;
}

const pathPattern = /^\/odata\/(\w+)(?:\((\d{1,15})\))?(?:\/([\w.]+)(?:\(((?:[^()']|'[^']*')*)\))?)?$/;
const apiPattern = /^\/(api\/\w+\/\w+)$/;

/**
 * `/odata/QueueItems(5)/Ns.F(a=1)` has the pattern `QueueItems(key)/Ns.F(a)`; `F()` is the same as `F`.
 * `/api/Folders/GetAllForCurrentUser`, which is no OData, is its own pattern.
 */
export function parsePath(path: string): Target | undefined {
  const api = apiPattern.exec(path)?.[1];
  if (api !== undefined) return { pattern: api, key: 0, parameters: {} };
  const match = pathPattern.exec(path);
  if (!match) return undefined;
  const [, set = "", key, operation, list = ""] = match;
  const pairs = list.matchAll(/\s*(\w+)\s*=\s*((?:[^,']|'[^']*')*)/g);
  const parameters = Object.fromEntries([...pairs].map(([, name = "", value = ""]) => [name, value.trim()]));
  const names = Object.keys(parameters).join(",");
  const suffix = operation === undefined ? "" : `/${operation}${names === "" ? "" : `(${names})`}`;
  return { pattern: `${set}${key === undefined ? "" : "(key)"}${suffix}`, key: Number(key ?? 0), parameters };
}

/** Reads the query options that a route takes, within the edition's limits for its path. */
export function optionsFor(
  route: Route,
  pattern: string,
  given: ReadonlyMap<string, string>,
  edition: Edition,
): QueryOptions {
  checkOptions(given, route.options, route.plain ?? []);
  const maxTop = edition.maxTopOf[pattern] ?? edition.maxTop;
  return readOptions(given, { maxTop, alwaysCounts: !edition.countsWhenAsked.has(pattern) });
}

/** A function's parameter that must be a number. */
export function numberParameter({ parameters }: Call, name: string): number {
  const value = parameters[name] ?? "";
  if (!/^\d{1,15}$/.test(value)) throw invalidQuery(`The parameter '${name}' must be a number.`);
  return Number(value);
}

/** A function's parameter that must be a text in quotes; a quote inside is doubled. */
export function textParameter({ parameters }: Call, name: string): string {
  const quoted = /^'((?:[^']|'')*)'$/.exec(parameters[name] ?? "")?.[1];
  if (quoted === undefined) throw invalidQuery(`The parameter '${name}' must be a text in quotes.`);
  return quoted.replaceAll("''", "'");
}

/** A function's parameter that must be a GUID, bare or in quotes. */
export function guidParameter({ parameters }: Call, name: string): string {
  const value = (parameters[name] ?? "").replace(/^'(.*)'$/, "$1");
  if (!isUuid(value)) throw invalidQuery(`The parameter '${name}' must be a GUID.`);
  return value.toLowerCase();
}

/** The route that answers a call in a version of the API. */
export function routeFor(routes: Routes, method: string, pattern: string, edition: Edition): Route | undefined {
  const route = routes[`${method} ${pattern}`];
  return route && isIn(route, edition) ? route : undefined;
}

/** Whether a version of the API answers a path with any method. */
export function isKnown(routes: Routes, pattern: string, edition: Edition): boolean {
  return Object.entries(routes).some(
    ([name, route]) => name.slice(name.indexOf(" ") + 1) === pattern && isIn(route, edition),
  );
}

function isIn({ versions }: Route, edition: Edition): boolean {
  const [first, last] = versions ?? [0, Infinity];
  const version = apiVersion(edition);
  return version >= first && version <= last;
}
