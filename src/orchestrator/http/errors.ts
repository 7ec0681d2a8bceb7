import { ApiError, AuthError, CancelledError, NetworkError, OrchSyncError, RateLimitError } from "../../core/errors.ts";
import type { Fault } from "../../core/fault.ts";
import { connectionHint, neverSent } from "./connection.ts";
import { permissionHint } from "./permissions.ts";

/** The error for a read that failed for good. Its message is ours: what the server said stays in the fault. */
export function toError(fault: Fault, host: string, cause?: unknown): ApiError {
  const { call, status } = fault;
  switch (fault.kind) {
    case "network":
      return new NetworkError(`cannot reach ${host}: ${fault.message}`, fault, {
        hint: connectionHint(cause) ?? "check the target's url, the proxy and the network",
        cause: innermost(cause),
      });
    case "timeout":
      if (neverSent(cause)) return toError({ ...fault, kind: "network" }, host, cause);
      return new NetworkError(`${host} did not answer in time: ${call}`, fault, {
        hint: "try again, or give timing.request more time",
        cause,
      });
    case "content":
      return new ApiError(`${call} on ${host}: ${fault.message}`, fault, {
        hint: "check that the target's url is the base of an Orchestrator",
        cause,
      });
    case "cancelled":
      return new ApiError(`${call} was given up`, fault, { cause });
    case "http":
      break;
  }
  const told = `${call} on ${host}: HTTP ${status}${reference(fault)}`;
  if (status === 401) return new AuthError(told, fault, { hint: "the token or the credentials are not accepted" });
  if (status === 403) return new AuthError(told, fault, { hint: permissionHint(call) });
  if (status === 429)
    return new RateLimitError(told, fault, { hint: "the tenant's quota is used up: try again later" });
  return new ApiError(told, fault, { hint: hintFor(fault) });
}

/** Below what fetch and its wrappers say: the error that tells something. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error;
}

/** ` (errorCode 1100, traceId 00-…)`: what support asks for; odd spellings are left out, they are foreign text. */
function reference({ errorCode, traceId }: Fault): string {
  const parts = [
    ...(errorCode !== undefined && /^\w{1,60}$/.test(String(errorCode)) ? [`errorCode ${errorCode}`] : []),
    ...(traceId !== undefined && /^[\w:|.-]{1,80}$/.test(traceId) ? [`traceId ${traceId}`] : []),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function hintFor({ status, errorCode }: Fault): string | undefined {
  if (errorCode === 1100) return "the folder does not exist, or the account has no access to it";
  if (errorCode === 1101) return "name the folder by its full path";
  if (status !== undefined && status >= 300 && status < 400) return "redirects are refused: use the final url";
  if (status === 404) return "check the target's url: this path is not there";
  return undefined;
}

/** What to throw when a signal has ended a read. */
export function cancelled(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof OrchSyncError ? reason : new CancelledError("cancelled", { cause: reason });
}

/** True for the server's "no such thing": 404, whatever it calls it. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.fault.status === 404;
}

/** True when the server does not take the query: 400 with 1000 or without a code, 404 with a page, 414 too long. */
export function isQueryRefused(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { status, errorCode } = error.fault;
  return (
    (status === 400 && (errorCode === undefined || errorCode === 1000 || errorCode === 0)) ||
    status === 404 ||
    status === 414
  );
}

/** True when the query may have been too long for the server: 414, or IIS's 404 with a page. */
export function isQueryTooLong(error: unknown): boolean {
  return error instanceof ApiError && (error.fault.status === 414 || error.fault.status === 404);
}
