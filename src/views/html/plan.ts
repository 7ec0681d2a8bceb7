import type { Change } from "../../core/change.ts";
import { countActions, only } from "../../core/change-spool.ts";
import { sortDiagnostics, type Diagnostic } from "../../core/diagnostic.ts";
import { hasPendingChanges, isRefused, type Plan } from "../../core/plan.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { formatPlace } from "../../core/source.ts";
import { arrange, byUrgency, shareOut, type Arranged } from "../arrange.ts";
import { differences, reasons, summaryOf } from "../human/entry.ts";
import { lineText, type Line } from "../human/lines.ts";
import { priceLine } from "../human/price.ts";
import { guardLines, refusalParts, totals, verbOf } from "../human/summary.ts";
import { amount, extent, name, resourceNames, sentence } from "../human/words.ts";
import { markOf } from "../style.ts";
import { sideBySide } from "./diff.ts";
import { markup, type Html } from "./markup.ts";
import { pageOf } from "./page.ts";
import { factList, moment, nothing } from "./parts.ts";

interface HtmlOptions {
  /** True: entries in line too, and values in full. */
  readonly verbose: boolean;
}

/** A browser takes a while for a page of as many entries, of all resources together. */
const mostEntries = 10_000;

/** The whole plan as a page: every entry of every resource, ten thousand at most: small resources whole, of others as many as fit. */
export function planHtml(plan: Plan, { verbose }: HtmlOptions): string {
  const nameOf = resourceNames(plan.resources.map(({ key }) => key));
  const sizes = plan.resources.map(({ changes }) =>
    verbose ? changes.length : changes.length - countActions(changes)["no-op"],
  );
  const shares = shareOut(sizes, mostEntries);
  const arranged = plan.resources.map((each, at) => arrange(each, { verbose, most: shares[at] ?? 0 }));
  const room: Room = { diffs: mostDiffs };
  const body = markup`<main>
<header>
<p class="eyebrow">orch-sync plan</p>
<h1>Plan for <code>${name(plan.target.name)}</code></h1>
<p class="about">${name(moment(plan.createdAt))} · ${sentence(plan.target.url)}</p>
</header>
<p class="verdict ${isRefused(plan) ? "refused" : "fine"}"><strong>${totals(plan.summary)}</strong></p>
${refusal(plan, nameOf, room)}${warnings(plan)}${byUrgency(arranged).flatMap((each) => resourcePart(each, { nameOf, verbose, room }))}${facts(plan)}
</main>`;
  return pageOf(`Plan for ${name(plan.target.name)}`, body);
}

interface PartOptions {
  readonly nameOf: (key: ResourceKey) => string;
  readonly verbose: boolean;
  readonly room: Room;
}

/** Blocked lines and exceeded guards, before everything else. */
function refusal(plan: Plan, nameOf: PartOptions["nameOf"], room: Room): Html {
  const why = refusalParts(plan);
  const guards = guardLines(plan).map((line) => markup`<li>${lineText(line)}</li>\n`);
  if (why === undefined && guards.length === 0) return nothing;
  const blocked = blockedOf(plan)
    .take(mostBlocked)
    .map(({ key, change }) => entry(change, { verbose: false, room }, `${nameOf(key)} ${name(change.label)}`.trimEnd()))
    .toArray();
  const left = plan.summary.blocked - blocked.length;
  const more =
    left > 0 ? markup`<li class="note">… ${amount(left)} more blocked: -o json has them all</li>\n` : nothing;
  const flags = why?.flags === undefined ? nothing : markup` <code>${why.flags}</code>`;
  const head = why === undefined ? nothing : markup`<strong class="bad">Refused: ${why.text}</strong>${flags}`;
  return markup`<section class="box refused">${head}
<ul>
${guards}${blocked}${more}</ul>
</section>
`;
}

/** As many as somebody reads before the first is mended; each of them stands with its resource, too. */
const mostBlocked = 200;

function* blockedOf({ resources }: Plan): Generator<{ readonly key: ResourceKey; readonly change: Change }> {
  for (const { key, changes } of resources) {
    for (const change of only(changes, (action) => action === "blocked")) yield { key, change };
  }
}

/** Without the manifest's lines: they may hold what is sensitive. */
function warnings({ diagnostics }: Plan): Html {
  if (diagnostics.length === 0) return nothing;
  return markup`<section class="box warned">
<ul>
${sortDiagnostics(diagnostics).map(warning)}</ul>
</section>
`;
}

function warning({ code, severity, message, hint, source }: Diagnostic): Html {
  const where = source === undefined ? nothing : markup`<code>${name(formatPlace(source))}</code> `;
  const help = hint === undefined ? nothing : markup`<br><span class="note">${sentence(hint)}</span>`;
  return markup`<li>${where}${severity} ${name(code)}: ${sentence(message)}${help}</li>\n`;
}

/** More entries than this are shown when they are asked for. */
const openUpTo = 50;

function resourcePart({ resource, groups }: Arranged, options: PartOptions): Html[] {
  const { nameOf } = options;
  if (groups.length === 0 && resource.notes.length === 0) return [];
  const title = nameOf(resource.key);
  const changes = groups.flatMap(({ shown }) => shown);
  const counts = groups.map(({ first, shown, left }) => `${amount(shown.length + left)} ${verbOf(first)}`).join(", ");
  const open = changes.length > openUpTo ? nothing : markup` open`;
  const notes = resource.notes.map((note) => markup`<p class="warn">note: ${sentence(note)}</p>\n`);
  const entries = changes.map((change) => entry(change, options, change.label === "" ? title : name(change.label)));
  const more = groups
    .filter(({ left }) => left > 0)
    .map(
      ({ first, left }) =>
        markup`<li class="note">… ${amount(left)} more ${verbOf(first)}: -o json has them all</li>\n`,
    );
  return [
    markup`<details class="box"${open}>
<summary><h2><code>${title}</code></h2> <span class="about">${sentence(resource.title)}: ${counts}</span></summary>
${notes}<ul>
${entries}${more}</ul>
</details>
`,
  ];
}

function entry(change: Change, { verbose, room }: Pick<PartOptions, "verbose" | "room">, label: string): Html {
  const { symbol, tone } = markOf(change);
  const more = [
    ...reasons(change, verbose).map((reason) => markup`<div class="more note">${reason}</div>\n`),
    ...(change.warnings ?? []).map((text) => markup`<div class="more warn">warning: ${sentence(text)}</div>\n`),
    changed(change, verbose, room),
  ];
  return markup`<li class="entry"><abbr class="${tone}" title="${verbOf(change)}">${symbol}</abbr> <code>${label}</code> <span class="said">${summaryOf(change)}</span>
${more}</li>
`;
}

/** Tables that a browser lays out without a pause. */
const mostDiffs = 1000;

/** How many tables of differences the page has left. */
interface Room {
  diffs: number;
}

function changed(change: Change, verbose: boolean, room: Room): Html {
  if (change.action === "create") return created(differences(change, { verbose, room: 400 }));
  const drawn = sideBySide(change, verbose);
  if (drawn.text === "") return drawn;
  if (room.diffs === 0) return markup`<div class="more note">what differs: -o json has it</div>\n`;
  room.diffs--;
  return drawn;
}

function created(lines: readonly Line[]): Html {
  if (lines.length === 0) return nothing;
  return markup`<pre class="more">${lines.map((line) => markup`<span>${lineText(line)}</span>`)}</pre>\n`;
}

function facts(plan: Plan): Html {
  const { target, resources } = plan;
  const folders = [...new Set(resources.map((resource) => resource.folder?.path ?? resource.key.folder))];
  const rows: readonly (readonly [string, string])[] = [
    ["Target", `${sentence(target.url)} (${extent(target)})`],
    ["Folder", sentence(folders.join(", "))],
    ["In line", amount(plan.summary["no-op"])],
    ["Price", priceLine(plan, hasPendingChanges(plan.summary))],
    ["Planned", name(plan.createdAt)],
    ["Plan", plan.id],
    ["By", `orch-sync ${name(plan.toolVersion)}`],
  ];
  return factList(rows);
}
