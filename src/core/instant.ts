/** As nearly all of them are written, of days that every month has: nothing is to be computed. */
const plain = /^\d{4}-\d\d-(?:[01]\d|2[0-8])T(?:[01]\d|2[0-3]):\d\d:00Z$/;

/** `2026-12-05 17:00Z`, with seconds where they are not zero: short enough for a line, and still exact to read. */
export function shortInstant(instant: string): string {
  if (plain.test(instant) && !Number.isNaN(Date.parse(instant))) {
    return `${instant.slice(0, 10)} ${instant.slice(11, 16)}Z`;
  }
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return instant;
  const [date = "", clock = ""] = time.toISOString().split("T");
  const seconds = time.getUTCSeconds() === 0 ? "" : clock.slice(5, 8);
  return `${date} ${clock.slice(0, 5)}${seconds}Z`;
}
