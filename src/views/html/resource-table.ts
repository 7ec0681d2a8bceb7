import { formatDuration } from "../../core/format-time.ts";
import { outcomeStatuses, type OutcomeCounts } from "../../core/outcome.ts";
import type { ApplyReport, ResourceReport } from "../../core/report.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { amount, count } from "../human/words.ts";
import { markup, type Html } from "./markup.ts";
import { nothing } from "./parts.ts";

/** More resources than this are one row: their numbers are in it. */
const mostRows = 200;

/** What became of each resource. The last row is the whole apply, and every column adds up to it. */
export function resourceTable(report: ApplyReport, nameOf: (key: ResourceKey) => string): Html {
  const { resources, counts, calls, durationMs } = report;
  if (resources.length === 0) return nothing;
  const shown = resources.slice(0, mostRows);
  const rows = shown.map((each) =>
    row(markup`<code>${nameOf(each.key)}</code>`, each, formatDuration(each.durationMs)),
  );
  const left = restOf(resources.slice(mostRows));
  const besides = calls - resources.reduce((total, each) => total + each.calls, 0);
  return markup`<section>
<h2>Resources</h2>
<table class="counts">
<thead><tr><th>resource</th>${columns.map((each) => markup`<th>${each}</th>`)}</tr></thead>
<tbody>
${rows}${left}${besides > 0 ? row(markup`for the run as a whole`, { counts: zero, calls: besides }, "") : nothing}</tbody>
<tfoot>
${row(markup`${count(resources.length, "resource")} in all`, { counts, calls }, formatDuration(durationMs))}</tfoot>
</table>
<p class="about">Resources go side by side: their times do not add up to the time of the run.</p>
</section>
`;
}

const columns = ["applied", "already done", "failed", "skipped", "unknown", "changes", "calls", "took"];
const zero: OutcomeCounts = { applied: 0, "already-done": 0, failed: 0, skipped: 0, unknown: 0 };

function row(title: Html, { counts, calls }: Pick<ResourceReport, "counts" | "calls">, took: string): Html {
  const total = outcomeStatuses.reduce((sum, status) => sum + counts[status], 0);
  const cells = outcomeStatuses.map((status) => cell(status.replace("-", " "), counts[status]));
  return markup`<tr><th scope="row">${title}</th>${cells}${cell("changes", total)}${cell("calls", calls)}<td class="took">${took}</td></tr>\n`;
}

function cell(column: string, number: number): Html {
  return markup`<td class="${column}${number === 0 ? " zero" : ""}">${amount(number)}</td>`;
}

function restOf(left: readonly ResourceReport[]): Html {
  if (left.length === 0) return nothing;
  const counts = { ...zero };
  let calls = 0;
  for (const each of left) {
    for (const status of outcomeStatuses) counts[status] += each.counts[status];
    calls += each.calls;
  }
  return row(markup`… ${count(left.length, "more resource")}`, { counts, calls }, "");
}
