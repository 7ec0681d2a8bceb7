import { actions, type Change } from "../core/change.ts";
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
  const visible = Iterator.from(resource.changes)
    .filter((change) => verbose || change.action !== "no-op" || isWarned(change))
    .toArray();
  const bySymbol = [...Map.groupBy(visible, rank)].toSorted(([a], [b]) => a - b);
  const sizes = bySymbol.map(([, members]) => members.length);
  const shares = shareOut(sizes, most);
  return {
    resource,
    groups: bySymbol.flatMap(([, members], index) => {
      const [first] = members;
      const shown = members.slice(0, shares[index]);
      return first === undefined ? [] : [{ first, shown, left: members.length - shown.length }];
    }),
    urgency: bySymbol[0]?.[0] ?? leastUrgent,
    inLineShown: visible.filter((change) => change.action === "no-op").length,
  };
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

const leastUrgent = 2 * actions.indexOf("start") + 2;

/** Starts again and first starts are two groups: they have two symbols. */
function rank(change: Change): number {
  return 2 * actions.indexOf(change.action) + Number(change.action === "start" && change.run === "first");
}

function isWarned({ warnings }: Change): boolean {
  return warnings !== undefined && warnings.length > 0;
}
