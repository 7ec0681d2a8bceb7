import type { ResourceKey } from "../../core/resource.ts";
import { textWidth } from "../../core/text-width.ts";
import type { Arranged, Group } from "../arrange.ts";
import { markOf } from "../style.ts";
import { entryLines, noted, type EntryLayout } from "./entry.ts";
import { indented, type Line } from "./lines.ts";
import { verbOf } from "./summary.ts";
import { amount, name, sentence } from "./words.ts";

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

function groupLines({ first, shown, left }: Group, layout: EntryLayout): Line[] {
  const entries = shown.filter(({ label }) => label !== "");
  const lines = entries.flatMap((change) => entryLines(change, name(change.label), "  ", layout));
  if (left === 0) return lines;
  return [...lines, { text: `  … ${amount(left)} more ${verbOf(first)} (--verbose shows them)`, tone: "quiet" }];
}
