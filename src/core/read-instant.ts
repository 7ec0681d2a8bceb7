/** What a text says about time: an instant, a date that only a zone would make one, or neither. */
export type ReadInstant =
  | { readonly type: "instant"; readonly instant: string }
  | { readonly type: "no-zone" }
  | { readonly type: "no-date" };

const form = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)?\s?(Z|z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads a date and time with a zone, normalised to UTC: `2026-12-01T10:00+02:00` is `2026-12-01T08:00:00Z`. Up to 7
 * decimal places stay, because the server keeps them.
 */
export function readInstant(text: string): ReadInstant {
  const [, date, time, seconds = "00", fraction = "", zone] = form.exec(text) ?? [];
  if (date === undefined) return { type: "no-date" };
  if (!exists(date, time ?? "00:00", seconds)) return { type: "no-date" };
  if (zone === undefined) return { type: "no-zone" };
  if (time === undefined) return { type: "no-date" };
  const milliseconds = Date.parse(`${date}T${time}:${seconds}${zone.toUpperCase()}`);
  const utc = Number.isNaN(milliseconds) ? "" : new Date(milliseconds).toISOString();
  if (!/^\d{4}-/.test(utc)) return { type: "no-date" }; // an offset out of range, or out of the year 9999
  const decimals = fraction.replace(/0+$/, "");
  return { type: "instant", instant: `${utc.slice(0, 19)}${decimals === "" ? "" : `.${decimals}`}Z` };
}

/** JavaScript moves 30 February to March without a word; here it does not exist. */
function exists(date: string, time: string, seconds: string): boolean {
  const text = `${date}T${time}:${seconds}.000Z`;
  const milliseconds = Date.parse(text);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === text;
}
