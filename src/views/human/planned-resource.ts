import { actions, type Change } from "../../core/change.ts";
import type { PlannedResource } from "../../core/plan.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { textWidth } from "../../core/text-width.ts";
import { markOf } from "../style.ts";
import { entryLines, noted, type EntryLayout } from "./entry.ts";
import { indented, type Line } from "./lines.ts";
import { verbs } from "./summary.ts";
import { amount, name, sentence } from "./words.ts";

/** One resource as the screen has it: what is shown, group by group, and how much is left out. */
export interface Arranged {
  readonly resource: PlannedResource;
  readonly groups: readonly Group[];
  /** Deletions, stops and starts come first, in this order; everything else keeps the plan's order. */
  readonly urgency: number;
  /** Entries in line that are shown all the same, because a warning is on them. */
  readonly inLineShown: number;
}

interface Group {
  readonly shown: readonly Change[];
  readonly left: number;
}

/** Groups the changes by symbol, the urgent ones first, and keeps the first `most` of each. */
export function arrange(
  resource: PlannedResource,
  { verbose, most }: { readonly verbose: boolean; readonly most: number },
): Arranged {
  const visible = resource.changes.filter((change) => verbose || change.action !== "no-op" || isWarned(change));
  const bySymbol = Map.groupBy(visible, rank);
  const groups = [...bySymbol]
    .toSorted(([a], [b]) => a - b)
    .map(([, members]) => ({ shown: members.slice(0, most), left: Math.max(0, members.length - most) }));
  return {
    resource,
    groups,
    urgency: Math.min(leastUrgent, ...bySymbol.keys()),
    inLineShown: visible.filter((change) => change.action === "no-op").length,
  };
}

const leastUrgent = 2 * actions.indexOf("start") + 2;

/** Starts again and first starts are two groups: they have two symbols. */
function rank(change: Change): number {
  return 2 * actions.indexOf(change.action) + Number(change.action === "start" && change.run === "first");
}

function isWarned({ warnings }: Change): boolean {
  return warnings !== undefined && warnings.length > 0;
}

type ResourceLayout = EntryLayout & { readonly nameOf: (key: ResourceKey) => string };

/** The columns up to which the named lines reach: what is said about them begins right of most. */
export function reachesOf({ resource, groups }: Arranged, nameOf: ResourceLayout["nameOf"]): number[] {
  const own = textWidth(nameOf(resource.key));
  return groups.flatMap(({ shown }) =>
    shown.map((change) =>
      change.label === "" ? markOf(change).symbol.length + 1 + own : "  + ".length + textWidth(name(change.label)),
    ),
  );
}

/** The resource's own lines, then its entries under its name. */
export function resourceLines({ resource, groups }: Arranged, layout: ResourceLayout): Line[] {
  const title = layout.nameOf(resource.key);
  const own = groups.flatMap(({ shown }) => shown.filter(({ label }) => label === ""));
  const entries = groups.flatMap((group) => groupLines(group, layout));
  const notes = resource.notes.map((note) => noted("note", note));
  if (own.length === 0 && entries.length === 0 && notes.length === 0) return [];
  const alone = own.length > 0 && entries.length === 0;
  return [
    ...own.flatMap((change) => entryLines(change, title, "", layout)),
    ...(alone ? [] : [{ text: `${title}  →  ${sentence(resource.title)}`, head: title, tone: "strong" } as const]),
    ...notes.map((note) => indented(note, alone ? "    " : "  ")),
    ...entries,
  ];
}

function groupLines({ shown, left }: Group, layout: EntryLayout): Line[] {
  const entries = shown.filter(({ label }) => label !== "");
  const [first] = shown;
  const lines = entries.flatMap((change) => entryLines(change, name(change.label), "  ", layout));
  if (left === 0 || first === undefined) return lines;
  return [...lines, { text: `  … ${amount(left)} more ${verbs[first.action]} (--verbose shows them)`, tone: "quiet" }];
}
