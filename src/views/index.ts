/** Core values and events in, text out: the only room that knows what a terminal, a log or a reader of JSON wants. */
export { diagnosticsView } from "./human/diagnostics.ts";
export { errorView } from "./human/error.ts";
export { planView, type PlanOptions } from "./human/plan.ts";
export { readsView } from "./human/reads.ts";
export { reportView, type ReportOptions } from "./human/report.ts";
export { planJson } from "./json/plan.ts";
export { reportJson } from "./json/report.ts";
export { jsonText } from "./json/text.ts";
export { validationJson } from "./json/validation.ts";
export { terminalProgress } from "./progress/load-terminal.ts";
export { logProgress, waitsProgress } from "./progress/log.ts";
export { pendingResources, quietProgress, type Progress, type Schedule } from "./progress/progress.ts";
export type { ViewOptions } from "./style.ts";
