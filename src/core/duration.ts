const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Timers of more milliseconds than a signed 32-bit number holds fire at once: 24 days are safe. */
export const longestTimer: number = 24 * units.d;

/** `30m`, `500ms`, `2h` in milliseconds; undefined for anything else, and for nothing at all (`0s`). */
export function readDuration(text: string): number | undefined {
  const match = /^([1-9]\d{0,11})(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  const milliseconds = Number(match[1]) * units[match[2] as keyof typeof units];
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}
