/** Core values and events in, text out: the only room that knows what a terminal, a log or a reader of JSON wants. */
export { diagnosticsView, type DiagnosticsOptions } from "./human/diagnostics.ts";
export { errorView, type ShownError } from "./human/error.ts";
export { planView, type PlanOptions } from "./human/plan.ts";
export { reportView, type ReportOptions } from "./human/report.ts";
export { planJson } from "./json/plan.ts";
export { reportJson } from "./json/report.ts";
export { jsonText } from "./json/text.ts";
export { validationJson, type Validation } from "./json/validation.ts";
export { terminalProgress } from "./progress/load-terminal.ts";
export { logProgress, type LogOptions } from "./progress/log.ts";
export {
  pendingResources,
  quietProgress,
  type Progress,
  type ProgressOptions,
  type Schedule,
  type TerminalOptions,
} from "./progress/progress.ts";
export type { ViewOptions } from "./style.ts";
