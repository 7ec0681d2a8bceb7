import { markdownCode } from "../../core/text.ts";
import { padColumns, textWidth } from "../../core/text-width.ts";
import type { Change } from "../../core/change.ts";
import { only } from "../../core/change-spool.ts";
import { sortDiagnostics, type Diagnostic } from "../../core/diagnostic.ts";
import { hasPendingChanges, type Plan, type PlannedResource } from "../../core/plan.ts";
import { shardName } from "../../core/shard.ts";
import { formatPlace } from "../../core/source.ts";
import { arrange, byUrgency, type Arranged, type Group } from "../arrange.ts";
import { differences, reasons, summaryOf } from "../human/entry.ts";
import { lineText, type Line } from "../human/lines.ts";
import { priceLine } from "../human/price.ts";
import { guardLines, refusalParts, totals, verbOf } from "../human/summary.ts";
import { amount, count, extent, name, resourceNames, sentence } from "../human/words.ts";
import { markOf } from "../style.ts";
import { atMost, fence, htmlCode } from "./blocks.ts";
import { commentLimit, type Limit } from "./limit.ts";
import { fitted, leastEntry, type Section, type SectionGroup } from "./sections.ts";

export interface MarkdownOptions {
  /** True: entries in line too, and values in full. */
  readonly verbose: boolean;
  /**
   * How large the text may become.
   * @default commentLimit
   */
  readonly limit?: Limit | undefined;
  /** Where the reader finds everything, in Markdown: `plan.html`. Left out: how to get it is said. */
  readonly artifact?: string | undefined;
}

/** The plan for a pull request: what it comes to, what refuses it, a collapsed part for each resource, the price. */
export function planMarkdown(plan: Plan, options: MarkdownOptions): string {
  const { verbose, limit = commentLimit, artifact = "`orch-sync plan --report plan.html`" } = options;
  const nameOf = resourceNames(plan.resources.map(({ key }) => key));
  const most = Math.ceil(limit.most / leastEntry);
  const arranged = plan.resources.map((resource) => arrange(resource, { verbose, most }));
  const pointer = `see the full plan, ${artifact}`;
  const characters = limit.most / limit.widest;
  return fitted({
    head: [
      marker(plan),
      `### Plan for ${markdownCode(name(plan.target.name))}`,
      `**${totals(plan.summary)}**`,
      ...refusal(plan, nameOf, { room: characters / 4, pointer }),
      ...warnings(plan.diagnostics, { room: characters / 8, pointer }),
    ],
    sections: byUrgency(arranged).flatMap((each) => section(each, nameOf(each.resource.key), verbose)),
    foot: [...inLine(plan, arranged), target(plan), closing(plan)],
    limit,
    pointer,
  });
}

/**
 * The first line, which no reader sees: by it a pipeline finds its comment again, and after the merge the id of the
 * plan that was reviewed (docs/recipes). Only the first line of a comment counts: texts of servers stand below.
 */
function marker({ target: { name: own, shard }, id }: Plan): string {
  const part = shard === undefined ? "" : ` shard=${shardName(shard)}`;
  return `<!-- orch-sync plan target=${encodeURIComponent(own.toWellFormed())}${part} id=${id} -->`;
}

interface Room {
  /** Characters. */
  readonly room: number;
  readonly pointer: string;
}

/** Blocked lines and exceeded guards, before everything else: nobody may miss them. */
function refusal(plan: Plan, nameOf: (key: PlannedResource["key"]) => string, { room, pointer }: Room): string[] {
  const why = refusalParts(plan);
  const blocked = plan.resources.flatMap(({ key, changes }) =>
    only(changes, (action) => action === "blocked")
      .map((change) => blockedLines(change, nameOf(key)))
      .toArray(),
  );
  const guards = guardLines(plan).map((line) => [lineText(line)]);
  const { lines, left } = atMost([...guards, ...blocked], room);
  const more = left === 0 ? [] : [`… ${amount(left)} more blocked: ${pointer}`];
  const flags = why?.flags === undefined ? "" : ` ${markdownCode(why.flags)}`;
  return [...(why === undefined ? [] : [`**Refused: ${why.text}**${flags}`]), fence(lines), ...more];
}

function blockedLines(change: Change, resource: string): string[] {
  const label = change.label === "" ? "" : ` ${name(change.label)}`;
  return [`! ${resource}${label}  ${summaryOf(change)}`, ...reasons(change, false).map(deeper)];
}

/** Without the manifest's lines: they may hold what is sensitive, and a pull request has more readers than a log. */
function warnings(diagnostics: readonly Diagnostic[], { room, pointer }: Room): string[] {
  const said = sortDiagnostics(diagnostics).map(diagnosticLines);
  const { lines, left } = atMost(said, room);
  return [fence(lines, "text"), ...(left === 0 ? [] : [`… ${count(left, "more warning")}: ${pointer}`])];
}

function diagnosticLines({ code, severity, message, hint, source }: Diagnostic): string[] {
  const where = source === undefined ? "" : `${name(formatPlace(source))} `;
  const line = `${where}${severity} ${name(code)}: ${sentence(message)}`;
  return hint === undefined ? [line] : [line, deeper(sentence(hint))];
}

function section({ resource, groups }: Arranged, title: string, verbose: boolean): Section[] {
  const { notes } = resource;
  if (groups.length === 0 && notes.length === 0) return [];
  const own = groups.flatMap(({ shown }) => shown).some(({ label }) => label === "");
  const counts = groups.map(({ first, shown, left }) => `${amount(shown.length + left)} ${verbOf(first)}`).join(", ");
  const about = own || resource.title === "" ? "" : ` → ${htmlCode(sentence(resource.title))}`;
  const column = columnOf(groups, title);
  return [
    {
      summary: `<b>${htmlCode(title)}</b>${about}${counts === "" ? "" : `: ${counts}`}`,
      notes: notes.map((note) => `  note: ${sentence(note)}`),
      groups: groups.map((group) => sectionGroup(group, { title, column, verbose })),
    },
  ];
}

interface EntryOptions {
  readonly title: string;
  readonly column: number;
  readonly verbose: boolean;
}

function sectionGroup({ first, shown, left }: Group, options: EntryOptions): SectionGroup {
  const made = new Map<Change, ReturnType<SectionGroup["entry"]>>();
  return {
    verb: verbOf(first),
    size: shown.length + left,
    entry(index) {
      const change = shown[index];
      if (change === undefined) return { lines: [] };
      const known = made.get(change) ?? entry(change, options);
      made.set(change, known);
      return known;
    },
  };
}

/** Wider lines are scrolled, not broken. */
const room = 200;

function entry(change: Change, { title, column, verbose }: EntryOptions): ReturnType<SectionGroup["entry"]> {
  const label = change.label === "" ? title : name(change.label);
  const said = summaryOf(change);
  const named = `${markOf(change).symbol} ${label}`;
  const lines = [
    said === "" ? named : `${padColumns(named, column)}  ${said}`,
    ...reasons(change, verbose).map(deeper),
    ...(change.warnings ?? []).map((warning) => deeper(`warning: ${sentence(warning)}`)),
  ];
  const diff = differences(change, { verbose, room }).map(diffLine);
  return diff.length === 0 ? { lines } : { lines, diff: { of: label, lines: diff } };
}

/** Only signs and headings of hunks may stand in the first column, which colours the line. */
function diffLine(line: Line): string {
  return typeof line === "string" || line.tone === undefined ? `  ${lineText(line)}` : line.text;
}

function deeper(text: string): string {
  return `    ${text}`;
}

/** Right of the first labels of a section; longer ones stick out. */
function columnOf(groups: readonly Group[], title: string): number {
  const some = groups.flatMap(({ shown }) => shown.slice(0, 100));
  const widths = some.map(({ label }) => textWidth(label === "" ? title : name(label)));
  return Math.min(40, Math.max(0, ...widths)) + 2;
}

function inLine({ summary }: Plan, arranged: readonly Arranged[]): string[] {
  const hidden = summary["no-op"] - arranged.reduce((sum, { inLineShown }) => sum + inLineShown, 0);
  return hidden > 0 && hasPendingChanges(summary) ? [`${amount(hidden)} in line.`] : [];
}

function target({ target: { name: own, url, ...versions }, resources }: Plan): string {
  const folders = new Set(resources.map((resource) => resource.folder?.path ?? resource.key.folder));
  const [folder = ""] = folders;
  const where = folders.size === 1 ? `, folder ${markdownCode(name(folder))}` : "";
  return `Target ${markdownCode(name(own))}: ${markdownCode(sentence(url))} (${extent(versions)})${where}.`;
}

function closing(plan: Plan): string {
  return `${priceLine(plan, hasPendingChanges(plan.summary))} Plan ${markdownCode(plan.id)}.`;
}
