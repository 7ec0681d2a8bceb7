import type { Change } from "../../core/change.ts";
import { driftOf, summarizeDrift } from "../../core/drift.ts";
import { summarize, type Plan, type PlannedResource } from "../../core/plan.ts";
import { arrange, byUrgency } from "../arrange.ts";
import { diagnosticLines } from "./diagnostics.ts";
import { summaryColumn } from "./entry.ts";
import { phrases, screen, separated, widthOf, type Line } from "./lines.ts";
import { targetLines, type PlanOptions } from "./plan.ts";
import { reachesOf, resourceLines } from "./planned-resource.ts";
import { countsOf, guardLines, summaryLines } from "./summary.ts";
import { count, resourceNames } from "./words.ts";

interface Part {
  readonly title: string;
  readonly holds: (change: Change) => boolean;
}

const parts: readonly Part[] = [
  { title: "Blocked", holds: ({ action }) => action === "blocked" },
  { title: "Drift: the tenant differs from the manifests", holds: (change) => driftOf(change) === "converges" },
  { title: "Waits to run", holds: (change) => driftOf(change) === "waits" },
  { title: "Always runs", holds: (change) => driftOf(change) === "always" },
];

/** A plan, split by what it says of the tenant: what differs, what waits to run, what always runs. */
export function driftView(plan: Plan, options: PlanOptions): string {
  const sections = [
    targetLines(plan, widthOf(options)),
    ...parts.map((part) => partLines(plan, part, options)),
    diagnosticLines(plan.diagnostics, options),
    guardLines(plan),
    [{ text: phrases(totals(plan)) }, ...summaryLines(plan, options.savedTo).slice(1)],
  ];
  return screen(separated(sections, ""), options);
}

function partLines(plan: Plan, { title, holds }: Part, options: PlanOptions): Line[] {
  const width = widthOf(options);
  const { verbose } = options;
  const nameOf = resourceNames(plan.resources.map(({ key }) => key));
  const most = verbose ? Number.POSITIVE_INFINITY : (options.maxEntries ?? 20);
  const arranged = only(plan.resources, holds).map((resource) => arrange(resource, { verbose, most }));
  if (arranged.length === 0) return [];
  const column = summaryColumn(
    arranged.flatMap((each) => reachesOf(each, nameOf)),
    width,
  );
  const sections = byUrgency(arranged).map((each) => resourceLines(each, { width, column, verbose, nameOf }));
  return [{ text: title, tone: "strong" }, "", ...separated(sections, "")];
}

/** Resources with those of their changes that belong to the part; others are left out. */
function only(resources: readonly PlannedResource[], holds: Part["holds"]): PlannedResource[] {
  return resources
    .map((resource) =>
      Object.assign({}, resource, { changes: Iterator.from(resource.changes).filter(holds).toArray() }),
    )
    .filter(({ changes }) => changes.length > 0);
}

/** `Drift: 1 to create, 2 to update. 1 waits to run, 1 always runs.` */
function totals({ resources }: Plan): string {
  const { waits, always } = summarizeDrift(resources);
  const differs = countsOf(summarize(only(resources, (change) => driftOf(change) === "converges")));
  const runs = [
    ...(waits > 0 ? [`${count(waits, "run")} due or under way`] : []),
    ...(always > 0 ? [`${count(always, "run")} due with every plan`] : []),
  ];
  const drift = differs.length === 0 ? "No drift." : `Drift: ${differs.join(", ")}.`;
  return runs.length === 0 ? drift : `${drift} ${runs.join(", ")}.`;
}
