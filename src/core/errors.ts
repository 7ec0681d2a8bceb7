import type { Diagnostic } from "./diagnostic.ts";
import type { Fault } from "./fault.ts";

/** The run cannot go on. The message says what failed and on what; `hint` what to do next. */
export class OrchSyncError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly hint?: string | undefined; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The command line itself is wrong. */
export class UsageError extends OrchSyncError {}

/** Manifests or config are invalid; nothing was called. */
export class ManifestError extends OrchSyncError {
  readonly diagnostics: readonly Diagnostic[];
  /** How much was looked at. */
  readonly checked: { readonly files: number; readonly manifests: number; readonly sources?: number };

  constructor(
    message: string,
    diagnostics: readonly Diagnostic[],
    checked: ManifestError["checked"] = { files: 1, manifests: 0 },
  ) {
    super(message);
    this.diagnostics = diagnostics;
    this.checked = checked;
  }
}

/** The plan has blocked lines, exceeds a guard, was declined or does not fit. */
export class PlanRefusedError extends OrchSyncError {}

/** The plan has parts that the account may not read. */
export class PermissionError extends PlanRefusedError {}

/** A call failed; `fault` says how, as far as the server told. */
export class ApiError extends OrchSyncError {
  readonly fault: Fault;

  constructor(
    message: string,
    fault: Fault,
    options: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.fault = fault;
  }
}

/** The credentials were refused, or lack a permission. */
export class AuthError extends ApiError {}

/** The server still asks to wait after all attempts. */
export class RateLimitError extends ApiError {}

/** The server could not be reached, or the connection broke. */
export class NetworkError extends ApiError {}

/** Interrupted by a signal or a time limit before anything was sent. */
export class CancelledError extends OrchSyncError {}

/** A wait, or the run's time limit, ran out. */
export class WaitTimeoutError extends OrchSyncError {}

/** A defect of ours. */
export class InternalError extends OrchSyncError {}
