import type { Action, Change } from "../../core/change.ts";
import { countOutcomes, type Outcome } from "../../core/outcome.ts";

const verbs: Readonly<Record<string, readonly [doing: string, done: string]>> = {
  create: ["adding", "added"],
  update: ["updating", "updated"],
  delete: ["deleting", "deleted"],
  start: ["starting", "started"],
  stop: ["stopping", "stopped"],
  assign: ["assigning", "assigned"],
  wait: ["waiting for", "ended"],
};
const nouns: Readonly<Record<string, readonly [one: string, many: string]>> = {
  create: ["item", "items"],
  update: ["item", "items"],
  delete: ["item", "items"],
  start: ["run", "runs"],
  stop: ["job", "jobs"],
  assign: ["item", "items"],
  wait: ["run", "runs"],
};

/** `adding 1,200 items, updating 1 item: queue DocQueue`: what a resource is about to do. */
export function announce(changes: readonly Change[], title: string): string {
  const parts = [...counted(changes, () => true)].map(([action, count]) => {
    const [one, many] = nouns[action] ?? ["change", "changes"];
    return `${verbs[action]?.[0] ?? action} ${count.toLocaleString("en")} ${count === 1 ? one : many}`;
  });
  return `${parts.join(", ")}: ${title}`;
}

/** `added 1,198, already done 1, failed 1`: what became of it; of one change alone what its ending says. */
export function conclude(outcomes: readonly Outcome[]): string {
  const [only, ...others] = outcomes;
  const note = only === undefined || others.length > 0 ? undefined : only.note;
  if (only !== undefined && note !== undefined) {
    const word = only.status === "unknown" ? "unknown: " : ""; // other notes say themselves how it ended
    return `${only.label} ${word}${note}`.trim();
  }
  const parts = [...counted(outcomes, ({ status }) => status === "applied")].flatMap(([action, applied]) =>
    applied === 0 ? [] : [`${verbs[action]?.[1] ?? action} ${applied.toLocaleString("en")}`],
  );
  const counts = countOutcomes(outcomes);
  const rest = (["already-done", "failed", "skipped", "unknown"] as const).flatMap((status) =>
    counts[status] === 0 ? [] : [`${status.replace("-", " ")} ${counts[status].toLocaleString("en")}`],
  );
  return [...parts, ...rest].join(", ");
}

/** How many of each action count, in the order in which actions come first. */
function counted<T extends Pick<Change, "action">>(
  all: readonly T[],
  counts: (each: T) => boolean,
): Map<Action, number> {
  const found = new Map<Action, number>();
  for (const each of all) found.set(each.action, (found.get(each.action) ?? 0) + (counts(each) ? 1 : 0));
  return found;
}
