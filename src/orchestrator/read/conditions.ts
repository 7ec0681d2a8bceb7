import { sameName } from "../../core/fold.ts";
import { date, eq, gt, holds, int, lt, or, str } from "../odata/filter.ts";
import type { Condition } from "./newest.ts";

/** Instants between which a time must lie. */
export interface Span {
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
}

/** What a filter of the command line asks of a column: nothing where it is not given. */
export function oneOf<T>(
  column: string,
  values: readonly string[],
  valueOf: (row: T) => string | null,
): Condition<T>[] {
  if (values.length === 0) return [];
  const wanted = new Set<string | null>(values);
  return [{ filter: or(...values.map((value) => eq(column, str(value)))), matches: (row) => wanted.has(valueOf(row)) }];
}

export function named<T>(
  column: string,
  value: string | undefined,
  valueOf: (row: T) => string | null,
  proven = true,
): Condition<T>[] {
  if (value === undefined) return [];
  return [{ filter: eq(column, str(value)), proven, matches: (row) => sameName(valueOf(row) ?? "", value) }];
}

/** A robot by its id where it is a number, else by its name; a server that does not expand robots is believed. */
export function ofRobot<T>(robot: string | undefined, robotOf: (row: T) => RobotOf | undefined): Condition<T>[] {
  if (robot === undefined) return [];
  const id = /^\d{1,15}$/.test(robot) ? Number(robot) : undefined;
  return [
    {
      filter: id === undefined ? eq("Robot/Name", str(robot)) : eq("Robot/Id", int(id)),
      matches: (row) => {
        const found = robotOf(row);
        return found === undefined || (id === undefined ? sameName(found.name, robot) : found.id === id);
      },
    },
  ];
}

export interface RobotOf {
  readonly id: number;
  readonly name: string;
}

/** After and before leave the instant itself out. */
export function within<T>(
  column: string,
  { after, before }: Span,
  timeOf: (row: T) => string | null,
  proven = true,
): Condition<T>[] {
  const time = (row: T): number => Date.parse(timeOf(row) ?? "");
  return [
    ...(after === undefined
      ? []
      : [{ filter: gt(column, date(after)), proven, matches: (row: T) => time(row) > after.getTime() }]),
    ...(before === undefined
      ? []
      : [{ filter: lt(column, date(before)), proven, matches: (row: T) => time(row) < before.getTime() }]),
  ];
}

/** Part of a text, in any case; without a column the server cannot be asked. */
export function containing<T>(
  column: string | undefined,
  part: string | undefined,
  textOf: (row: T) => string | null,
): Condition<T>[] {
  if (part === undefined) return [];
  const wanted = part.toLowerCase();
  const matches = (row: T): boolean => (textOf(row) ?? "").toLowerCase().includes(wanted);
  return [column === undefined ? { matches } : { filter: holds(column, str(part)), matches }];
}
