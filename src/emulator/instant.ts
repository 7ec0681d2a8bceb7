/** A point in time as it is stored: UTC with seven fractional digits, so that text order is time order. */
export type Instant = string;

const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{0,7}))?)?(Z|[+-]\d\d:\d\d)$/i;

/** Reads a date with 0 to 7 fractional digits and any offset; undefined when it is none. */
export function parseInstant(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "00", fraction = "", zone = "Z"] = match;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (midnight.getUTCDate() !== Number(day)) return undefined; // 30 February would roll over
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  if (Number.isNaN(time)) return undefined;
  return `${new Date(time).toISOString().slice(0, 19)}.${fraction.padEnd(7, "0")}Z`;
}

/** A stored instant as answers spell it: the fraction without trailing zeros. */
export function formatInstant(instant: Instant): string {
  if (instant.endsWith(".0000000Z")) return `${instant.slice(0, -9)}Z`;
  return instant.replace(/0+Z$/, "Z");
}

export function instantOf(milliseconds: number): Instant {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}0000Z`;
}

export function millisecondsOf(instant: Instant): number {
  return Date.parse(instant);
}

export function later(instant: Instant, milliseconds: number): Instant {
  return instantOf(millisecondsOf(instant) + milliseconds);
}
