import { formatDuration } from "../../core/format-time.ts";
import { outcomeStatuses, type Outcome, type OutcomeStatus } from "../../core/outcome.ts";
import type { ApplyReport } from "../../core/report.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { endedEarly, headline, notBefore, whatHappened } from "../human/report.ts";
import { amount, count, name, place, resourceNames, sentence } from "../human/words.ts";
import { icon } from "./icons.ts";
import { markup, type Html } from "./markup.ts";
import { pageOf } from "./page.ts";
import { factList, moment, nothing, tiles } from "./parts.ts";
import { resourceTable } from "./resource-table.ts";
import { sortOutcomes, type Some, type Sorted } from "./sorted-outcomes.ts";
import { timelineSection } from "./timeline.ts";

/** What an apply did as a page: what needs somebody comes first, then what happened when, then everything by resource. */
export function reportHtml(report: ApplyReport): string {
  const nameOf = resourceNames(report.resources.map(({ key }) => key));
  const sorted = sortOutcomes(report.outcomes);
  const title = `Apply to ${name(report.target.name)}`;
  const body = markup`<main>
<header>
<p class="eyebrow">orch-sync apply</p>
<h1>Apply to <code>${name(report.target.name)}</code></h1>
<p class="about">${name(moment(report.startedAt))} · ${formatDuration(report.durationMs)} · ${count(report.calls, "call")}</p>
</header>
${verdict(report)}${counted(report)}${unknown(sorted, nameOf)}${failed(sorted, nameOf)}${waited(sorted, nameOf)}${notes(report, nameOf)}${timelineSection(report, nameOf)}${resourceTable(report, nameOf)}${skipped(sorted, nameOf)}${facts(report)}
</main>`;
  return pageOf(title, body);
}

type NameOf = (key: ResourceKey) => string;

function verdict(report: ApplyReport): Html {
  const bad = headline(report);
  const total = sum(report);
  const tone = report.counts.failed > 0 ? "refused" : bad === undefined ? "fine" : "warned";
  const text = bad ?? (total === 0 ? "Nothing to do." : `Everything is done: ${count(total, "change")}.`);
  const early = endedEarly(report);
  const also = early === undefined ? nothing : markup`<br><span class="warn">${early}</span>`;
  return markup`<p class="verdict ${tone}"><strong>${text}</strong>${also}</p>\n`;
}

/** Every status, in the words of the table below; zeros too: a missing number is a question. */
function counted({ counts }: ApplyReport): Html {
  return tiles(
    outcomeStatuses.map((status) => ({
      number: amount(counts[status]),
      words: statusWords[status],
      tone: counts[status] === 0 ? "zero" : status.replace("-", " "),
      sign: icon(status),
    })),
  );
}

const statusWords: Readonly<Record<OutcomeStatus, string>> = {
  applied: "applied",
  "already-done": "already done",
  failed: "failed",
  skipped: "skipped",
  unknown: "unknown",
};

function sum({ counts }: ApplyReport): number {
  return outcomeStatuses.reduce((total, status) => total + counts[status], 0);
}

function unknown({ unknown: rows, latest }: Sorted, nameOf: NameOf): Html {
  if (rows.size === 0) return nothing;
  const next = latest === undefined ? undefined : notBefore([latest]);
  return markup`<section class="box warned">
<h2>${amount(rows.size)} unknown</h2>
<p>A write was sent, its answer was lost, and looking did not tell what it did.${next === undefined ? "" : ` ${next}`}</p>
${rowsOf("unknown", rows, nameOf)}</section>
`;
}

function failed({ failed: rows }: Sorted, nameOf: NameOf): Html {
  if (rows.size === 0) return nothing;
  return markup`<section class="box refused">
<h2>${amount(rows.size)} failed</h2>
${rowsOf("failed", rows, nameOf)}</section>
`;
}

function waited({ waited: rows }: Sorted, nameOf: NameOf): Html {
  if (rows.size === 0) return nothing;
  return markup`<section class="box warned">
<h2>${amount(rows.size)} not waited for any longer</h2>
<p>${rows.size === 1 ? "The run goes" : "These runs go"} on; what was to be started was started.</p>
${rowsOf("applied", rows, nameOf)}</section>
`;
}

function skipped({ skipped: rows }: Sorted, nameOf: NameOf): Html {
  if (rows.size === 0) return nothing;
  return markup`<details class="box">
<summary><h2>${amount(rows.size)} skipped</h2> <span class="about">nothing was sent for them</span></summary>
${rowsOf("skipped", rows, nameOf)}</details>
`;
}

function notes({ resources }: ApplyReport, nameOf: NameOf): Html {
  const said = resources.flatMap(({ key, note }) =>
    note === undefined ? [] : [markup`<li><code>${nameOf(key)}</code> ${sentence(note)}</li>\n`],
  );
  if (said.length === 0) return nothing;
  return markup`<section class="box warned">\n<h2>To be noted</h2>\n<ul>\n${said}</ul>\n</section>\n`;
}

/** The first of them at once, the others one click away: what stands below is to be found, too. */
function rowsOf(status: OutcomeStatus, { size, kept }: Some, nameOf: NameOf): Html {
  const rows = kept.map((outcome) => row(status, outcome, nameOf));
  const left = size - kept.length;
  const cut =
    left === 0 ? nothing : markup`<li class="about">… ${amount(left)} more: --report FILE.json has them all</li>\n`;
  if (size <= atOnce) return markup`<ul>\n${rows}</ul>\n`;
  return markup`<ul>
${rows.slice(0, atOnce)}</ul>
<details>
<summary class="about">${amount(size - atOnce)} more</summary>
<ul>
${rows.slice(atOnce)}${cut}</ul>
</details>
`;
}

const atOnce = 20;

function row(status: OutcomeStatus, outcome: Outcome, nameOf: NameOf): Html {
  const { key, label, source } = outcome;
  const own = nameOf(key);
  const under = [...(label === "" ? [] : [own]), ...(source === undefined ? [] : [place(source)])];
  return markup`<li class="entry">${icon(status)}<span class="who"><code class="label">${label === "" ? own : name(label)}</code>${under.map((text) => markup`<br><code class="about">${text}</code>`)}</span> <span class="said">${whatHappened(outcome)}</span></li>
`;
}

function facts({ target, planId }: ApplyReport): Html {
  return factList([
    ["Target", `${sentence(target.url)} (API ${target.apiVersion})`],
    ["Plan", planId],
  ]);
}
