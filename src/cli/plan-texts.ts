import type { Plan } from "../core/plan.ts";
import { codeQuality } from "../views/ci/code-quality.ts";
import { planFindings } from "../views/ci/findings.ts";
import { planHtml } from "../views/html/plan.ts";
import { planJsonText } from "../views/json/plan.ts";
import type { Limit } from "../views/markdown/limit.ts";
import { planMarkdown } from "../views/markdown/plan.ts";
import { inChunks } from "../workflow/files/plan-file.ts";
import { artifactText, placed, type Ci } from "./ci.ts";
import type { Io } from "./io.ts";
import type { ReportFormat, Reports } from "./reports.ts";

interface TextOptions {
  readonly verbose?: boolean;
  /** True: JSON says how live state was read. */
  readonly explain?: boolean;
  readonly reports: Reports;
  readonly ci: Ci | undefined;
  readonly io: Io;
}

/** What a plan is written as besides the human view, each made when it is asked for, in pieces. */
export function planTexts(
  plan: Plan,
  options: TextOptions,
): Readonly<Record<Exclude<ReportFormat, "junit" | "ndjson">, () => Iterable<string>>> {
  const { verbose = false, explain = false, ci, io } = options;
  return {
    json: () => inChunks(planJsonText(plan, { explain })),
    markdown: () => [planSummary(plan, options)],
    html: () => [planHtml(plan, { verbose })],
    "code quality": () => [codeQuality(placed(planFindings(plan), ci, io))],
  };
}

/** The plan as Markdown for a place of this size; for a comment when left out. */
export function planSummary(plan: Plan, { verbose = false, reports, ci }: TextOptions, limit?: Limit): string {
  const artifact = artifactText(reports.nameOf("html", "json"), ci);
  return planMarkdown(plan, { verbose, artifact, limit });
}
