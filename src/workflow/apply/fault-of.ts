import { ApiError, CancelledError } from "../../core/errors.ts";
import type { Fault } from "../../core/fault.ts";

/** Any error as a fault of one change: what is thrown while others are at work must not end the run without a report. */
export function faultOf(error: unknown, call: string): Fault {
  if (error instanceof ApiError) return error.fault;
  if (error instanceof CancelledError) return { kind: "cancelled", call, message: "interrupted" };
  return { kind: "content", call, message: `internal error: ${String(error)}` };
}
