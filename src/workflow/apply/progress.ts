import type { Change } from "../../core/change.ts";
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
  const parts = [...Map.groupBy(changes, (change) => change.action)].map(([action, group]) => {
    const [one, many] = nouns[action] ?? ["change", "changes"];
    return `${verbs[action]?.[0] ?? action} ${group.length.toLocaleString("en")} ${group.length === 1 ? one : many}`;
  });
  return `${parts.join(", ")}: ${title}`;
}

/** `added 1,198, already done 1, failed 1`: what became of it; of one change alone what its ending says. */
export function conclude(outcomes: readonly Outcome[]): string {
  const [only, ...others] = outcomes;
  const note = only === undefined || others.length > 0 ? undefined : only.note;
  if (only !== undefined && note !== undefined) return `${only.label} ${note}`.trim();
  const parts = [...Map.groupBy(outcomes, (outcome) => outcome.action)].flatMap(([action, group]) => {
    const { applied } = countOutcomes(group);
    return applied === 0 ? [] : [`${verbs[action]?.[1] ?? action} ${applied.toLocaleString("en")}`];
  });
  const counts = countOutcomes(outcomes);
  const rest = (["already-done", "failed", "skipped", "unknown"] as const).flatMap((status) =>
    counts[status] === 0 ? [] : [`${status.replace("-", " ")} ${counts[status].toLocaleString("en")}`],
  );
  return [...parts, ...rest].join(", ");
}
