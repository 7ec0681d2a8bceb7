import type { ResolvedTarget } from "../../config/config.ts";
import type { CheckCause, Finding, CheckId } from "../../core/check-up.ts";
import { ApiError, AuthError, OrchSyncError } from "../../core/errors.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { Kind } from "../../core/resource.ts";
import type { TokenFacts } from "../../orchestrator/http/token-facts.ts";
import type { Once } from "../../orchestrator/read/names.ts";
import type { TenantReader } from "../../orchestrator/read/tenant.ts";
import type { Access } from "./access.ts";

/** What a check may look at. */
export interface Examined {
  readonly target: ResolvedTarget;
  readonly reader: TenantReader;
  /** The path of the folder to look at; undefined: every one. */
  readonly folder: string | undefined;
  readonly kinds: readonly Kind[];
  /** This machine's clock. */
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** What checks have found out for those after them. */
  readonly known: Known;
}

/** Filled in by one check, read by others. */
interface Known {
  token?: TokenFacts;
  /** What the first call with the token came to: every folder that the account sees, or why not. */
  first?: readonly PlanFolder[] | ApiError;
  /** Those to look at. */
  folders?: readonly PlanFolder[];
  /** What the account may do, by the folder's id. */
  readonly access: Once<Access>;
}

/** A check that cannot be made because of another one. */
export interface After {
  readonly state: "skipped";
  readonly after: CheckId;
}

export function fine(text: string): Finding {
  return { state: "fine", text };
}

export function problem(cause: CheckCause, text: string, hint: string, missing?: readonly string[]): Finding {
  return { state: "problem", cause, text, hint, ...(missing === undefined ? {} : { missing }) };
}

/** An error of a call as a finding: its message and its hint are ours. */
export function problemOf(error: unknown, otherwise: string): Finding {
  if (!(error instanceof OrchSyncError)) throw error;
  return problem(error instanceof AuthError ? "access" : "failed", error.message, error.hint ?? otherwise);
}

/** What a call gives, or the error that it ended with. @throws what ended the whole run. */
export async function attempt<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T | ApiError> {
  try {
    return await call();
  } catch (error) {
    if (signal.aborted || !(error instanceof ApiError)) throw error;
    return error;
  }
}
