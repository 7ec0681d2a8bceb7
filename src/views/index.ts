/** Core values and events in, text out: the only room that knows what a terminal, a log or a reader of JSON wants. */
export { codeQuality } from "./ci/code-quality.ts";
export {
  azureCommand,
  azureSummaryCommand,
  findingCommands,
  githubCommand,
  type FindingCommand,
} from "./ci/commands.ts";
export { diagnosticFindings, outcomeFindings, planFindings, type Finding } from "./ci/findings.ts";
export { planHtml } from "./html/plan.ts";
export { reportHtml } from "./html/report.ts";
export { diagnosticsView } from "./human/diagnostics.ts";
export { errorView } from "./human/error.ts";
export { codeView, fieldView, kindsView, kindView, type KindGroup } from "./human/explain.ts";
export { checkUpView } from "./human/check-up.ts";
export { driftView } from "./human/drift.ts";
export { initView } from "./human/init.ts";
export { journalView } from "./human/journal.ts";
export { leaseView } from "./human/lease.ts";
export { planView, type PlanOptions } from "./human/plan.ts";
export { readsView } from "./human/reads.ts";
export { reportView, type ReportOptions } from "./human/report.ts";
export { statusView } from "./human/status.ts";
export { checkUpJson } from "./json/check-up.ts";
export { journalJson } from "./json/journal.ts";
export { planJson, planJsonText } from "./json/plan.ts";
export { reportJson } from "./json/report.ts";
export { leaseJson } from "./json/lease.ts";
export { statusJson } from "./json/status.ts";
export { jsonLine, jsonText } from "./json/text.ts";
export { validationJson } from "./json/validation.ts";
export { commentList, eventList, itemList, jobList, type ListKind } from "./listing/columns.ts";
export { listCsv } from "./listing/csv.ts";
export { listJson, listNdjson } from "./listing/json.ts";
export { listView } from "./listing/screen.ts";
export { reportJunit } from "./junit/report.ts";
export { byteLimit, type Limit } from "./markdown/limit.ts";
export { planMarkdown } from "./markdown/plan.ts";
export { reportMarkdown } from "./markdown/report.ts";
export { eventLines, type EventLines } from "./progress/event-lines.ts";
export { terminalProgress } from "./progress/load-terminal.ts";
export { logProgress, waitsProgress } from "./progress/log.ts";
export { pendingResources, quietProgress, type Progress, type Schedule } from "./progress/progress.ts";
export type { ViewOptions } from "./style.ts";
