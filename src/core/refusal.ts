import { only } from "./change-spool.ts";
import type { Plan, PlannedResource } from "./plan.ts";
import { keyIdentity } from "./resource.ts";
import { selectorOf } from "./selector.ts";

/** As many as fit into a command that somebody reads before running it. */
const mostFlags = 5;

/** How to apply the rest of a plan that has blocked lines. */
export interface WayAround {
  /** What is done, as words before the flags. */
  readonly words: string;
  /** Ready to be copied into a shell. */
  readonly flags: string;
}

/**
 * What depends on something blocked is left out with it: it would take that for done. Undefined where nothing is
 * blocked, nothing would be left, or it would take too many flags.
 */
export function wayAround({ resources }: Pick<Plan, "resources">): WayAround | undefined {
  const out = leftOut(resources);
  if (out.length === 0 || out.length === resources.length || out.length > mostFlags) return undefined;
  const keys = resources.map(({ key }) => key);
  const flags = out.map(({ key }) => `--exclude ${shellWord(selectorOf(key, keys))}`);
  const dependants = out.some(({ changes }) => !hasBlocked(changes)) ? " and what depends on it" : "";
  return { words: `leave it out${dependants}`, flags: flags.join(" ") };
}

function leftOut(resources: readonly PlannedResource[]): PlannedResource[] {
  const out = new Set<string>();
  // Dependencies come first in a plan, so one look suffices.
  for (const { key, dependsOn, changes } of resources) {
    if (hasBlocked(changes) || dependsOn.some((each) => out.has(keyIdentity(each)))) out.add(keyIdentity(key));
  }
  return resources.filter(({ key }) => out.has(keyIdentity(key)));
}

function hasBlocked(changes: PlannedResource["changes"]): boolean {
  return only(changes, (action) => action === "blocked").next().done !== true;
}

/** In single quotes; one within is written as POSIX shells take it. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
