import { unbound } from "../errors.ts";
import { parseInstant, type Instant } from "../instant.ts";
import { parseJson } from "../json.ts";
import { lives } from "../model/lifetimes.ts";
import { enumerationNumber } from "../odata/operands.ts";
import { memberOf, type Enumeration } from "../odata/model.ts";
import { isUuid } from "../uuid.ts";

/**
 * Reads one value of a body as a version of the API does, or throws {@link Unbindable}: the server then drops the
 * whole parameter.
 */
export type Reader<Value> = (value: unknown, version: number) => Value;

class Unbindable extends Error {}

type Fields = Readonly<Record<string, Reader<unknown>>>;
/** What an object reader gives: every member may be missing, and null counts as missing. */
export type Bound<Members extends Fields> = {
  readonly [Name in keyof Members]?: Exclude<ReturnType<Members[Name]>, null>;
};

/** Binds a body to the parameter of an action as Orchestrator does: all of it, or a 400 that names the parameter. */
export function bind<Value>(text: string, parameter: string, read: Reader<Value>, version: number): Value {
  try {
    return read(parseJson(text), version);
  } catch (error) {
    if (error instanceof Unbindable || error instanceof SyntaxError || error instanceof RangeError)
      throw unbound(parameter);
    throw error;
  }
}

/** An object with these members and no others. Names in any case; OData annotations are dropped. */
export function object<Members extends Fields>(members: Members): Reader<Bound<Members>> {
  return dto("", members);
}

/** An object of the contract, by its name there: of its members a version has those that its table of lifetimes says. */
export function dto<Members extends Fields>(type: string, members: Members): Reader<Bound<Members>> {
  return (value, version) => {
    const bound: Record<string, unknown> = {};
    for (const [name, member] of entries(value)) {
      const found = memberOf(members, name);
      if (!found || !lives(type, found[0], version)) throw new Unbindable();
      const [canonical, read] = found;
      if (member !== null) bound[canonical] = read(member, version);
    }
    return bound as Bound<Members>;
  };
}

export function array<Item>(read: Reader<Item>): Reader<readonly Item[]> {
  return (value, version) => {
    if (!Array.isArray(value)) throw new Unbindable();
    return value.map((item) => read(item, version));
  };
}

export const text: Reader<string> = (value) => expect(typeof value === "string", value) as string;
export const flag: Reader<boolean> = (value) => expect(typeof value === "boolean", value) as boolean;
export const integer: Reader<number> = (value) => expect(Number.isSafeInteger(value), value) as number;
export const guid: Reader<string> = (value) =>
  String(expect(typeof value === "string" && isUuid(value), value)).toLowerCase();

export const instant: Reader<Instant> = (value) => {
  const parsed = typeof value === "string" ? parseInstant(value) : undefined;
  if (parsed === undefined) throw new Unbindable();
  return parsed;
};

/** An enumeration by name, number, or number in quotes. */
export function choice(enumeration: Enumeration): Reader<number> {
  return (value, version) => {
    const name = typeof value === "number" ? String(value) : text(value, version);
    const number = enumerationNumber(enumeration.members, name);
    const member = number === undefined ? undefined : enumeration.members[number];
    if (number === undefined || !member || !lives(enumeration.name, member, version)) throw new Unbindable();
    return number;
  };
}

/** A map with members of any kind, annotations dropped; what it may hold is for the caller to say. */
export const map: Reader<Readonly<Record<string, unknown>>> = (value) => Object.fromEntries(entries(value));

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || JSON.isRawJSON(value))
    throw new Unbindable();
  // "@odata.type", "Name@odata.type": type hints of OData clients, understood and not stored.
  return Object.entries(value).filter(([name]) => !/@odata\.\w+$/i.test(name));
}

function expect(holds: boolean, value: unknown): unknown {
  if (!holds) throw new Unbindable();
  return value;
}
