import { instantOf, parseInstant, type Instant } from "../instant.ts";

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration of a tenant file in milliseconds; null for `never`. */
export function durationOf(text: string): number | null {
  if (text === "never") return null;
  const [, number = "0", unit = "ms"] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return Number(number) * (units[unit] ?? 0);
}

/** A time of a tenant file: an instant, or an offset from the start of the clock. Undefined when it is neither. */
export function timeOf(text: string, start: number): Instant | undefined {
  const [, sign, rest = ""] = /^([+-])(\d+[a-z]+)$/.exec(text) ?? [];
  if (sign === undefined) return parseInstant(text);
  const offset = durationOf(rest) ?? 0;
  return instantOf(start + (sign === "-" ? -offset : offset));
}
