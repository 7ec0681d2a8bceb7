import { shareOut } from "../arrange.ts";
import { amount, count } from "../human/words.ts";
import { details, documentOf, fence } from "./blocks.ts";
import { markdownCode } from "../../core/text.ts";
import type { Limit } from "./limit.ts";

/** One resource: a collapsed part that can be cut between two of its entries, never within one. */
export interface Section {
  /** The visible line, as HTML. */
  readonly summary: string;
  /** Lines above all entries; never cut. */
  readonly notes: readonly string[];
  readonly groups: readonly SectionGroup[];
}

export interface SectionGroup {
  /** What its entries are: `to create`. */
  readonly verb: string;
  readonly size: number;
  /** For an index up to what can fit at all. Made when it is needed: of a hundred thousand entries a comment holds a few hundred. */
  readonly entry: (index: number) => SectionEntry;
}

interface SectionEntry {
  readonly lines: readonly string[];
  /** What differs, as lines of a diff, below all entries of the section. */
  readonly diff?: { readonly of: string; readonly lines: readonly string[] };
}

interface Layout {
  /** Comes before the sections, whatever happens. */
  readonly head: readonly string[];
  readonly sections: readonly Section[];
  readonly foot: readonly string[];
  readonly limit: Limit;
  /** Where everything is, for what is cut: `see the full plan`. */
  readonly pointer: string;
}

/**
 * The document with as many entries of each section as fit: the same number for all that have as many. Where not even
 * the summaries fit, the last sections are left out. What is left out is counted.
 */
export function fitted({ head, sections, foot, limit, pointer }: Layout): string {
  const draw = (kept: number, most: number): string =>
    documentOf([
      ...head,
      ...sections.slice(0, kept).map((section) => draft(section, most, pointer)),
      ...(kept < sections.length ? [`… ${count(sections.length - kept, "more resource")}: ${pointer}`] : []),
      ...foot,
    ]);
  const fits = (text: string): boolean => limit.sizeOf(text) <= limit.most;
  const all = sections.reduce((most, section) => Math.max(most, sizeOf(section)), 0);
  const most = largest(all, (each) => mayFit(sections, each, limit) && fits(draw(sections.length, each)));
  if (most >= 0) return draw(sections.length, most);
  return draw(
    Math.max(
      0,
      largest(sections.length, (kept) => fits(draw(kept, 0))),
    ),
    0,
  );
}

/** An entry takes a line of at least so many characters. */
export const leastEntry = 4;

/** False where it cannot. Saves drawing it. */
function mayFit(sections: readonly Section[], most: number, limit: Limit): boolean {
  return sections.reduce((sum, section) => sum + leastEntry * Math.min(most, sizeOf(section)), 0) <= limit.most;
}

function sizeOf({ groups }: Section): number {
  return groups.reduce((sum, { size }) => sum + size, 0);
}

/**
 * A number from 0 to `most` that passes, the largest where all below it pass too; -1 when none is found. `most` itself
 * is tried first: where nothing is left out, nothing has to be said about it.
 */
function largest(most: number, passes: (number: number) => boolean): number {
  let known = -1;
  let failing = most + 1;
  let next = most;
  while (known + 1 < failing) {
    if (passes(next)) known = next;
    else failing = next;
    next = Math.floor((known + failing) / 2);
  }
  return known;
}

function draft({ summary, notes, groups }: Section, most: number, pointer: string): string {
  const shares = shareOut(
    groups.map(({ size }) => size),
    most,
  );
  const entries = groups.flatMap(({ entry }, group) =>
    Array.from({ length: shares[group] ?? 0 }, (_, index) => entry(index)),
  );
  const left = groups.flatMap(({ verb, size }, group) => {
    const more = size - (shares[group] ?? 0);
    return more === 0 ? [] : [{ more, text: `${amount(more)} ${verb}` }];
  });
  const missing = left.reduce((sum, { more }) => sum + more, 0);
  const which = left.map(({ text }) => text).join(", ");
  return details(
    summary,
    [
      fence([...notes, ...entries.flatMap(({ lines }) => lines)]),
      ...entries.flatMap(({ diff }) => (diff === undefined ? [] : [markdownCode(diff.of), fence(diff.lines)])),
      ...(missing === 0 ? [] : [`… ${count(missing, "more entry", "more entries")} (${which}): ${pointer}`]),
    ].filter((block) => block !== ""),
  );
}
