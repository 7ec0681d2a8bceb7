import { hasPendingChanges, type Plan } from "../../core/plan.ts";
import { textWidth } from "../../core/text-width.ts";
import { arrange, byUrgency, type Arranged } from "../arrange.ts";
import type { ViewOptions } from "../style.ts";
import { diagnosticLines } from "./diagnostics.ts";
import { summaryColumn } from "./entry.ts";
import { screen, separated, widthOf, type Line } from "./lines.ts";
import { reachesOf, resourceLines } from "./planned-resource.ts";
import { guardLines, summaryLines } from "./summary.ts";
import { amount, extent, name, resourceNames, sentence } from "./words.ts";

export interface PlanOptions extends ViewOptions {
  /** True: every entry, those in line too, and every value in full. */
  readonly verbose: boolean;
  /**
   * How many entries of one resource are shown, unless verbose.
   * @default 20
   */
  readonly maxEntries?: number;
  /** The file that the plan is saved in. */
  readonly savedTo?: string | undefined;
}

/** What a plan would do: deletions, stops and starts first, then the rest, then what it comes to and costs. */
export function planView(plan: Plan, options: PlanOptions): string {
  const width = widthOf(options);
  const { verbose } = options;
  const nameOf = resourceNames(plan.resources.map((resource) => resource.key));
  const most = verbose ? Number.POSITIVE_INFINITY : (options.maxEntries ?? 20);
  const arranged = plan.resources.map((resource) => arrange(resource, { verbose, most }));
  const column = summaryColumn(
    arranged.flatMap((each) => reachesOf(each, nameOf)),
    width,
  );
  const sections: readonly (readonly Line[])[] = [
    targetLines(plan, width),
    ...byUrgency(arranged).map((each) => resourceLines(each, { width, column, verbose, nameOf })),
    inLine(plan, arranged),
    diagnosticLines(plan.diagnostics, options),
    guardLines(plan),
    summaryLines(plan, options.savedTo),
  ];
  return screen(separated(sections, ""), options);
}

/** `Target prod  https://cloud.uipath.com/acme/prod/orchestrator_  (API 20)   folder Finance/Invoices` */
export function targetLines({ target, resources }: Plan, width: number): Line[] {
  const folders = new Set(resources.map((resource) => resource.folder?.path ?? resource.key.folder));
  const [folder = ""] = folders;
  const head = `Target ${name(target.name)}`;
  const text = `${head}  ${sentence(target.url)}  (${extent(target)})`;
  const where = folders.size === 1 ? `folder ${name(folder)}` : "";
  const line = { text, head, tone: "strong" } as const;
  if (where === "") return [line];
  const whole = `${text}   ${where}`;
  return textWidth(whole) <= width ? [{ ...line, text: whole }] : [line, `  ${where}`];
}

/** How many lines in line are not shown; where nothing else is there, the closing sentence says it. */
function inLine({ summary }: Plan, arranged: readonly Arranged[]): Line[] {
  const hidden = summary["no-op"] - arranged.reduce((sum, { inLineShown }) => sum + inLineShown, 0);
  if (hidden <= 0 || (!hasPendingChanges(summary) && summary.blocked === 0)) return [];
  return [{ text: `  = ${amount(hidden)} in line (--verbose shows them)`, tone: "quiet" }];
}
