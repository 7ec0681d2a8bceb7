import {
  AuthError,
  CancelledError,
  ManifestError,
  PermissionError,
  PlanRefusedError,
  UsageError,
  WaitTimeoutError,
  InternalError,
  OrchSyncError,
} from "../core/errors.ts";
import type { ApplyReport } from "../core/report.ts";

/** The one table of exit codes. Pipelines branch on them: they never change their meaning. */
export const exitCodes = {
  /** Done; for `plan`, also when there are changes. */
  done: 0,
  /** The run could not go on: network, server, anything not below. */
  failed: 1,
  /** `plan --detailed-exitcode` found changes. */
  changes: 2,
  /** Manifests or config invalid; nothing was called. */
  invalid: 3,
  /** Plan refused: blocked line, guard, declined at the prompt. */
  refused: 4,
  /** Apply ended with changes failed, skipped or unknown. */
  incomplete: 5,
  /** Authentication or permission. */
  auth: 6,
  /** A wait, or `--timeout`, ran out. */
  timeout: 7,
  usage: 64,
  internal: 70,
  /** Interrupted, SIGTERM included. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byError: readonly (readonly [new (...args: never[]) => Error, ExitCode])[] = [
  [UsageError, exitCodes.usage],
  [ManifestError, exitCodes.invalid],
  [PermissionError, exitCodes.auth],
  [PlanRefusedError, exitCodes.refused],
  [AuthError, exitCodes.auth],
  [WaitTimeoutError, exitCodes.timeout],
  [CancelledError, exitCodes.interrupted],
  [InternalError, exitCodes.internal],
  [OrchSyncError, exitCodes.failed],
];

/** What is not an `OrchSyncError` is a defect of ours. */
export function exitCodeOf(error: unknown): ExitCode {
  return byError.find(([type]) => error instanceof type)?.[1] ?? exitCodes.internal;
}

/** Once a write was sent: 130 if interrupted, else 5 if anything failed, was skipped or is unknown, else 7. */
export function exitCodeOfReport(report: ApplyReport): ExitCode {
  const { applied, failed, skipped, unknown } = report.counts;
  if (report.interrupted === "signal") return exitCodes.interrupted;
  const outOfTime = report.waitTimedOut || report.interrupted === "timeout";
  const nothingSent = applied + failed + unknown === 0;
  if (outOfTime && nothingSent) return exitCodes.timeout;
  if (failed + skipped + unknown > 0) return exitCodes.incomplete;
  return outOfTime ? exitCodes.timeout : exitCodes.done;
}
