import type { Edition } from "../editions.ts";
import { invalidQuery } from "../errors.ts";
import type { Instant } from "../instant.ts";
import { checkOptions, readOptions, type OptionSet, type QueryOptions } from "../odata/options.ts";
import type { Database } from "../store/database.ts";
import type { Folder } from "../store/folders.ts";
import { bind, type Reader } from "./body.ts";

/** Who calls: a user of the tenant, or an external application. */
export type Caller =
  | { readonly kind: "user"; readonly userId: number | null }
  | { readonly kind: "application"; readonly clientId: string };

/** A call that has passed the door: authenticated, its path known, its folder found. */
export interface Call {
  readonly db: Database;
  readonly edition: Edition;
  readonly now: Instant;
  /** The emulator's URL, for `@odata.context`. */
  readonly url: string;
  readonly caller: Caller;
  readonly folder: Folder | undefined;
  /** The key in parentheses, as in `QueueItems(5)`. */
  readonly key: number;
  /** The parameters of a function, as in `GetByKey(identifier=…)`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly options: QueryOptions;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** `write` needs a folder, `read` goes across all folders without one, `none` knows no folders. */
export type FolderUse = "none" | "read" | "write";

interface RouteSettings {
  readonly folder: FolderUse;
  readonly options: OptionSet;
  /** Query options without `$` that the contract has for the path. */
  readonly plain?: readonly string[];
}

export interface Route extends RouteSettings {
  readonly handle: (call: Call, body: string) => Reply;
}

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
  return { ...rest, handle: (call, body) => handle(call, bind(body, parameter, reader)) };
}

/** A request path taken apart; `pattern` is how the route table spells it. */
export interface Target {
  readonly pattern: string;
  readonly key: number;
  readonly parameters: Readonly<Record<string, string>>;
}

const pathPattern = /^\/odata\/(\w+)(?:\((\d{1,15})\))?(?:\/([\w.]+)(?:\(([^()]*)\))?)?$/;

/** `/odata/QueueItems(5)/Ns.F(a=1)` has the pattern `QueueItems(key)/Ns.F(a)`; `F()` is the same as `F`. */
export function parsePath(path: string): Target | undefined {
  const match = pathPattern.exec(path);
  if (!match) return undefined;
  const [, set = "", key, operation, list = ""] = match;
  const parameters = Object.fromEntries(
    list
      .split(",")
      .filter((pair) => pair.trim() !== "")
      .map((pair) => [pair.split("=", 1)[0]?.trim() ?? "", pair.slice(pair.indexOf("=") + 1).trim()]),
  );
  const names = Object.keys(parameters).join(",");
  const suffix = operation === undefined ? "" : `/${operation}${names === "" ? "" : `(${names})`}`;
  return { pattern: `${set}${key === undefined ? "" : "(key)"}${suffix}`, key: Number(key ?? 0), parameters };
}

/** Reads the query options that a route takes. */
export function optionsFor(route: Route, given: ReadonlyMap<string, string>, edition: Edition): QueryOptions {
  checkOptions(given, route.options, route.plain ?? []);
  return readOptions(given, edition);
}

/** A function's parameter that must be a number. */
export function numberParameter({ parameters }: Call, name: string): number {
  const value = parameters[name] ?? "";
  if (!/^\d{1,15}$/.test(value)) throw invalidQuery(`The parameter '${name}' must be a number.`);
  return Number(value);
}
