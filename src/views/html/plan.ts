import type { Change } from "../../core/change.ts";
import { sortDiagnostics } from "../../core/diagnostic.ts";
import { hasPendingChanges, type Plan } from "../../core/plan.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { formatPlace } from "../../core/source.ts";
import { arrange, byUrgency, type Arranged } from "../arrange.ts";
import { differences, reasons, summaryOf } from "../human/entry.ts";
import type { Line } from "../human/lines.ts";
import { priceLine } from "../human/price.ts";
import { guardLines, refusalOf, totals, verbOf } from "../human/summary.ts";
import { amount, name, resourceNames, sentence } from "../human/words.ts";
import { markOf } from "../style.ts";
import { html, type Html } from "./markup.ts";
import { pageOf } from "./page.ts";

interface HtmlOptions {
  /** True: entries in line too, and values in full. */
  readonly verbose: boolean;
}

/** The whole plan as a page: every entry of every resource, however many there are. */
export function planHtml(plan: Plan, { verbose }: HtmlOptions): string {
  const nameOf = resourceNames(plan.resources.map(({ key }) => key));
  const arranged = plan.resources.map((resource) => arrange(resource, { verbose, most: Number.POSITIVE_INFINITY }));
  const body = html`<main>
    <h1>Plan for <code>${name(plan.target.name)}</code></h1>
    <p class="totals">${totals(plan.summary)}</p>
    ${refusal(plan, nameOf)} ${warnings(plan)}
    ${byUrgency(arranged).flatMap((each) => resourcePart(each, { nameOf, verbose }))} ${facts(plan)}
  </main>`;
  return pageOf(`Plan for ${name(plan.target.name)}`, body);
}

interface PartOptions {
  readonly nameOf: (key: ResourceKey) => string;
  readonly verbose: boolean;
}

/** Blocked lines and exceeded guards, before everything else. */
function refusal(plan: Plan, nameOf: PartOptions["nameOf"]): Html {
  const why = refusalOf(plan);
  const guards = guardLines(plan).map((line) => html`<li>${textOf(line)}</li> `);
  const blocked = plan.resources.flatMap((resource) =>
    resource.changes
      .filter(({ action }) => action === "blocked")
      .map((change) =>
        entry(change, { nameOf, verbose: false }, `${nameOf(resource.key)} ${name(change.label)}`.trimEnd()),
      ),
  );
  if (why === undefined && guards.length === 0) return html``;
  const head = why === undefined ? html`` : html`<strong class="bad">Refused: ${why}</strong>`;
  return html`<section class="box refused">
    ${head}
    <ul>
      ${guards}${blocked}
    </ul>
  </section>`;
}

/** Without the manifest's lines: they may hold what is sensitive. */
function warnings({ diagnostics }: Plan): Html {
  if (diagnostics.length === 0) return html``;
  const items = sortDiagnostics(diagnostics).map(({ code, severity, message, hint, source }) => {
    const where = source === undefined ? html`` : html`<code>${name(formatPlace(source))}</code> `;
    const help = hint === undefined ? html`` : html`<br /><span class="note">${sentence(hint)}</span>`;
    return html`<li>${where}${severity} ${name(code)}: ${sentence(message)}${help}</li> `;
  });
  return html`<section class="box warned">
    <ul>
      ${items}
    </ul>
  </section>`;
}

/** More entries than this are shown when they are asked for. */
const openUpTo = 50;

function resourcePart({ resource, groups }: Arranged, options: PartOptions): Html[] {
  if (groups.length === 0 && resource.notes.length === 0) return [];
  const title = options.nameOf(resource.key);
  const entries = groups.flatMap(({ shown }) => shown);
  const counts = groups.map(({ first, shown }) => `${amount(shown.length)} ${verbOf(first)}`).join(", ");
  const open = entries.length > openUpTo ? html`` : html` open`;
  const notes = resource.notes.map((note) => html`<p class="warn">note: ${sentence(note)}</p> `);
  return [
    html`<details class="box" ${open}>
      <summary>
        <h2><code>${title}</code></h2>
        <span class="about">${sentence(resource.title)}: ${counts}</span>
      </summary>
      ${notes}
      <ul>
        ${entries.map((change) => entry(change, options, name(change.label === "" ? title : change.label)))}
      </ul>
    </details> `,
  ];
}

/** Wider lines are broken by the browser. */
const room = 400;

function entry(change: Change, { verbose }: PartOptions, label: string): Html {
  const { symbol, tone } = markOf(change);
  const lines = differences(change, { verbose, room });
  const more = [
    ...reasons(change, verbose).map((reason) => html`<div class="more note">${reason}</div> `),
    ...(change.warnings ?? []).map((text) => html`<div class="more warn">warning: ${sentence(text)}</div> `),
    ...(lines.length === 0 ? [] : [diff(lines)]),
  ];
  return html`<li class="entry">
    <abbr class="${tone}" title="${verbOf(change)}">${symbol}</abbr> <code>${label}</code>
    <span class="said">${summaryOf(change)}</span> ${more}
  </li> `;
}

function diff(lines: readonly Line[]): Html {
  const drawn = lines.map((line) => {
    const tone = typeof line === "string" ? undefined : line.tone;
    return html`<span class="${tone ?? "plain"}">${textOf(line)}</span>`;
  });
  return html`<details class="more" open>
    <summary class="note">what differs</summary>
    <pre>${drawn}</pre>
  </details> `;
}

function facts(plan: Plan): Html {
  const { target, resources } = plan;
  const folders = [...new Set(resources.map((resource) => resource.folder?.path ?? resource.key.folder))];
  const rows: readonly (readonly [string, string])[] = [
    ["Target", `${sentence(target.url)} (API ${target.apiVersion})`],
    ["Folder", folders.map(name).join(", ")],
    ["In line", amount(plan.summary["no-op"])],
    ["Price", priceLine(plan, hasPendingChanges(plan.summary))],
    ["Planned", name(plan.createdAt)],
    ["Plan", plan.id],
    ["By", `orch-sync ${name(plan.toolVersion)}`],
  ];
  return html`<dl>
    ${rows.map(
      ([term, text]) =>
        html`<dt>${term}</dt>
          <dd>${text}</dd> `,
    )}
  </dl>`;
}

function textOf(line: Line): string {
  return typeof line === "string" ? line : line.text;
}
