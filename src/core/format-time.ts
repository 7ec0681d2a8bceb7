/** Times as people read them, without a locale or a time zone of this machine: everything is UTC. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `0.3 s`, `3.1 s`, `69 s`, `4 min 5 s`, `2 h 10 min`, `3 d 4 h`: two units at most. */
export function formatDuration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  const tenths = Math.round(length / 100) / 10;
  if (tenths < 10) return `${tenths.toFixed(1)} s`;
  const seconds = Math.round(length / second);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 3600) return pair(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.floor(length / minute);
  if (length < day) return pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.floor(length / hour);
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** What a clock that counts up shows: `0:41`, `12:05`, `1:02:03`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(Math.max(0, milliseconds) / second);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `10:31:02` of an ISO 8601 instant, in UTC; a text that is none is given back. */
export function formatClock(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : new Date(time).toISOString().slice(11, 19);
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
