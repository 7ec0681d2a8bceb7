/** `2026-12-05 17:00Z`, with seconds where they are not zero: short enough for a line, and still exact to read. */
export function shortInstant(instant: string): string {
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return instant;
  const [date = "", clock = ""] = time.toISOString().split("T");
  const seconds = time.getUTCSeconds() === 0 ? "" : clock.slice(5, 8);
  return `${date} ${clock.slice(0, 5)}${seconds}Z`;
}
