import { readDuration } from "./duration.ts";

/** A hundred years: whatever is added to it is still a year of four digits. */
const longest = 36_500 * 86_400_000;

/** `+2d`, `+90m` in milliseconds; undefined for anything else, and for more than a hundred years. */
function readRelative(text: string): number | undefined {
  const milliseconds = text.startsWith("+") ? readDuration(text.slice(1)) : undefined;
  return milliseconds !== undefined && milliseconds <= longest ? milliseconds : undefined;
}

/** True for a time that counts from the plan: `+2d`. */
export function isRelative(text: string): boolean {
  return readRelative(text) !== undefined;
}

/** What a relative time looks like, for hints. */
export const relativeForms = "+2d (s, m, h or d, up to +36500d)";

/** True for what would be a relative time, if it were not more than a hundred years. */
export function isTooFar(text: string): boolean {
  return /^\+[1-9]\d*(?:ms|s|m|h|d)$/.test(text) && !isRelative(text);
}

/** The instant that a relative time means, to the second, counted from when the plan was made; others as they are. */
export function resolveRelative(text: string, plannedAt: Date): string {
  const milliseconds = readRelative(text);
  if (milliseconds === undefined) return text;
  return `${new Date(plannedAt.getTime() + milliseconds).toISOString().slice(0, 19)}Z`;
}
