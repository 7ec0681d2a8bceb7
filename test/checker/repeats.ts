import type { Evidence } from "./evidence.ts";
import { writesOf, type Write } from "./writes-of-runs.ts";

/**
 * Writes that were sent again while the first might still commit, by the table: adds and comments where no index refuses a
 * second one, once, after `settle`; starts never by the same apply.
 */
export function repeatedBlindly({ wanted, calls, settle, applies }: Evidence): string[] {
  const unique = new Set(wanted.items.filter((set) => set.unique).map(({ queue }) => queue));
  const found: string[] = [];
  const seen = new Map<string, Write[]>();
  for (const write of writesOf(calls)) {
    const isGuarded = write.what === "add" && unique.has(write.queue ?? "");
    if (isGuarded || !["add", "comment", "start"].includes(write.what)) continue;
    for (const about of write.about) {
      const run = applies.findLast(({ by }) => by.includes(write.call.by))?.by.at(0) ?? write.call.by;
      const key = JSON.stringify([run, write.what, write.queue, about]);
      const earlier = (seen.get(key) ?? []).filter(({ isOpen }) => isOpen);
      seen.set(key, [...(seen.get(key) ?? []), write]);
      const last = earlier.at(-1);
      if (last === undefined) continue;
      const what = `${write.call.by} sent ${write.what} ${about} again`;
      const after = write.call.sentAt - last.call.sentAt;
      if (write.what === "start") found.push(what);
      else if (after < settle) found.push(`${what} after ${after} ms, before settle had passed`);
      else if (earlier.length > 1) found.push(`${what} a second time`);
    }
  }
  return found;
}
