import { actions, type Action, type Change } from "../core/change.ts";
import { few } from "../core/change-spool.ts";
import type { PlannedResource } from "../core/plan.ts";

/** One resource as the views have it: what is shown, group by group, and how much is left out. */
export interface Arranged {
  readonly resource: PlannedResource;
  /** One for each symbol. Deletions, stops and starts come first. */
  readonly groups: readonly Group[];
  /** The resources with deletions, stops and starts come first, in this order; all others keep the plan's order. */
  readonly urgency: number;
  /** Entries in line that are shown all the same, because a warning is on them. */
  readonly inLineShown: number;
}

export interface Group {
  /** The first of all, whether shown or not: it says what the group is about. */
  readonly first: Change;
  readonly shown: readonly Change[];
  /** How many more there are. */
  readonly left: number;
}

interface ArrangeOptions {
  /** True: what is in line is shown too. */
  readonly verbose: boolean;
  /** How many entries of the resource are shown. */
  readonly most: number;
}

/** Groups the changes by symbol, the urgent ones first, and keeps `most` of them. */
export function arrange(resource: PlannedResource, { verbose, most }: ArrangeOptions): Arranged {
  const members = new Map<number, Members>();
  const wants = (action: Action, isWarned: boolean): boolean => verbose || action !== "no-op" || isWarned;
  for (const found of few(resource.changes, wants, Math.max(1, most))) {
    const at = rank(found);
    const group = members.get(at) ?? (typeof found === "string" ? undefined : { first: found, kept: [], size: 0 });
    if (group === undefined) continue;
    members.set(at, group);
    if (typeof found !== "string" && group.kept.length < most) group.kept.push(found);
    group.size++;
  }
  const groups = [...members].toSorted(([a], [b]) => a - b);
  const sizes = groups.map(([, { size }]) => size);
  const shares = shareOut(sizes, most);
  return {
    resource,
    groups: groups.map(([, { first, kept, size }], index) => {
      const shown = kept.slice(0, shares[index]);
      return { first, shown, left: size - shown.length };
    }),
    urgency: groups[0]?.[0] ?? leastUrgent,
    inLineShown: members.get(inLineRank)?.size ?? 0,
  };
}

/** A group while it is being made: no more of it is kept than may be shown. */
interface Members {
  readonly first: Change;
  readonly kept: Change[];
  size: number;
}

/** The most urgent resources first. */
export function byUrgency(arranged: readonly Arranged[]): Arranged[] {
  return arranged.toSorted((a, b) => a.urgency - b.urgency);
}

/**
 * Divides what there is room for among groups: small groups get all that they need, large ones share the rest equally,
 * so that a thousand creations never hide the one update. What cannot be divided goes to the first.
 */
export function shareOut(sizes: readonly number[], most: number): number[] {
  const shares = sizes.map(() => 0);
  let left = most;
  const bySize = sizes.map((size, index) => ({ size, index })).toSorted((a, b) => a.size - b.size || b.index - a.index);
  for (const [position, { size, index }] of bySize.entries()) {
    const share = Math.min(size, Math.floor(left / (bySize.length - position)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}

const inLineRank = 2 * actions.indexOf("no-op");
const leastUrgent = 2 * actions.indexOf("start") + 2;

/** Starts again and first starts are two groups: they have two symbols. */
function rank(change: Change | Action): number {
  if (typeof change === "string") return 2 * actions.indexOf(change);
  return 2 * actions.indexOf(change.action) + Number(change.action === "start" && change.run === "first");
}
