/**
 * orch-sync as a library: manifests in, a plan as a value, a truthful report out. The embedded Orchestrator is in
 * `orch-sync/emulator`. Gateways, the HTTP client and the views are deliberately not exported.
 */
export { apply, applySaved, loadManifests, plan, savePlan } from "./workflow/api.ts";
export type {
  ApplyOptions,
  ApplySavedOptions,
  LoadManifestsOptions,
  Manifests,
  PlanOptions,
  TargetOptions,
} from "./workflow/api.ts";

export type { Action, ActionReason, Change, FieldChange, Precondition } from "./core/change.ts";
export type { Diagnostic } from "./core/diagnostic.ts";
export type { DiagnosticCode } from "./core/diagnostic-codes.ts";
export type { Event } from "./core/events.ts";
export type { Fault } from "./core/fault.ts";
export type { GuardName, Guards } from "./core/guard.ts";
export type { LeftRunning, Outcome, OutcomeCounts, OutcomeStatus } from "./core/outcome.ts";
export type { Plan, PlannedResource, PlanSummary, PlanTarget, Price } from "./core/plan.ts";
export type { ApplyReport, ResourceReport } from "./core/report.ts";
export type { DesiredResource, Key, Kind, ResourceKey } from "./core/resource.ts";
export type { SourceSpan } from "./core/source.ts";
export {
  ApiError,
  AuthError,
  CancelledError,
  InternalError,
  ManifestError,
  NetworkError,
  OrchSyncError,
  PlanRefusedError,
  RateLimitError,
  UsageError,
  WaitTimeoutError,
} from "./core/errors.ts";
