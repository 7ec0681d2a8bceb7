/** Times as people read them, without a locale or a time zone of this machine: everything is UTC. */

/** `0.3 s`, `3.1 s`, `69 s`, `4 min 5 s`, `2 h 10 min`, `3 d 4 h`: two units at most. */
export function formatDuration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  const tenths = Math.round(length / 100) / 10;
  if (tenths < 10) return `${tenths.toFixed(1)} s`;
  const seconds = Math.round(length / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 120) return `${seconds} s`;
  if (minutes < 60) return pair(minutes, "min", seconds % 60, "s");
  if (hours < 24) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** What a clock that counts up shows: `0:41`, `12:05`, `1:02:03`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
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
