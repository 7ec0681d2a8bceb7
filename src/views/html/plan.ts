import type { Change } from "../../core/change.ts";
import { countActions, only } from "../../core/change-spool.ts";
import { sortDiagnostics, type Diagnostic } from "../../core/diagnostic.ts";
import { hasPendingChanges, type Plan } from "../../core/plan.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { formatPlace } from "../../core/source.ts";
import { arrange, byUrgency, shareOut, type Arranged } from "../arrange.ts";
import { differences, reasons, summaryOf } from "../human/entry.ts";
import { lineText, type Line } from "../human/lines.ts";
import { priceLine } from "../human/price.ts";
import { guardLines, refusalParts, totals, verbOf } from "../human/summary.ts";
import { amount, extent, name, resourceNames, sentence } from "../human/words.ts";
import { markOf } from "../style.ts";
import { markup, type Html } from "./markup.ts";
import { pageOf } from "./page.ts";

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
  const body = markup`<main>
<h1>Plan for <code>${name(plan.target.name)}</code></h1>
<p class="totals">${totals(plan.summary)}</p>
${refusal(plan, nameOf)}${warnings(plan)}${byUrgency(arranged).flatMap((each) => resourcePart(each, { nameOf, verbose }))}${facts(plan)}
</main>`;
  return pageOf(`Plan for ${name(plan.target.name)}`, body);
}

interface PartOptions {
  readonly nameOf: (key: ResourceKey) => string;
  readonly verbose: boolean;
}

const nothing: Html = markup``;

/** Blocked lines and exceeded guards, before everything else. */
function refusal(plan: Plan, nameOf: PartOptions["nameOf"]): Html {
  const why = refusalParts(plan);
  const guards = guardLines(plan).map((line) => markup`<li>${lineText(line)}</li>\n`);
  const blocked = plan.resources.flatMap(({ key, changes }) =>
    only(changes, (action) => action === "blocked")
      .map((change) => entry(change, false, `${nameOf(key)} ${name(change.label)}`.trimEnd()))
      .toArray(),
  );
  if (why === undefined && guards.length === 0) return nothing;
  const flags = why?.flags === undefined ? nothing : markup` <code>${why.flags}</code>`;
  const head = why === undefined ? nothing : markup`<strong class="bad">Refused: ${why.text}</strong>${flags}`;
  return markup`<section class="box refused">${head}
<ul>
${guards}${blocked}</ul>
</section>
`;
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

function resourcePart({ resource, groups }: Arranged, { nameOf, verbose }: PartOptions): Html[] {
  if (groups.length === 0 && resource.notes.length === 0) return [];
  const title = nameOf(resource.key);
  const changes = groups.flatMap(({ shown }) => shown);
  const counts = groups.map(({ first, shown, left }) => `${amount(shown.length + left)} ${verbOf(first)}`).join(", ");
  const open = changes.length > openUpTo ? nothing : markup` open`;
  const notes = resource.notes.map((note) => markup`<p class="warn">note: ${sentence(note)}</p>\n`);
  const entries = changes.map((change) => entry(change, verbose, change.label === "" ? title : name(change.label)));
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

/** Wider lines are broken by the browser. */
const room = 400;

function entry(change: Change, verbose: boolean, label: string): Html {
  const { symbol, tone } = markOf(change);
  const lines = differences(change, { verbose, room });
  const more = [
    ...reasons(change, verbose).map((reason) => markup`<div class="more note">${reason}</div>\n`),
    ...(change.warnings ?? []).map((text) => markup`<div class="more warn">warning: ${sentence(text)}</div>\n`),
    ...(lines.length === 0 ? [] : [diff(lines)]),
  ];
  return markup`<li class="entry"><abbr class="${tone}" title="${verbOf(change)}">${symbol}</abbr> <code>${label}</code> <span class="said">${summaryOf(change)}</span>
${more}</li>
`;
}

function diff(lines: readonly Line[]): Html {
  const drawn = lines.map((line) => {
    const tone = typeof line === "string" ? undefined : line.tone;
    return markup`<span class="${tone ?? "plain"}">${lineText(line)}</span>`;
  });
  return markup`<details class="more" open><summary class="note">what differs</summary><pre>${drawn}</pre></details>\n`;
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
  const said = rows.filter(([, text]) => text !== "");
  return markup`<dl>
${said.map(([term, text]) => markup`<dt>${term}</dt><dd>${text}</dd>\n`)}</dl>`;
}
