/**
 * A fault file: what goes wrong, and with which calls. `schemas/faults.schema.json` describes every field.
 */
export interface FaultsDocument {
  readonly apiVersion: "orch-sync/v1";
  readonly kind: "Faults";
  readonly spec: FaultsSpec;
}

interface FaultsSpec {
  readonly seed?: number;
  readonly rules: readonly FaultRule[];
}

/** The calls that a rule is about, and what becomes of them. Of the rules that a call meets the first one holds. */
export interface FaultRule {
  readonly name?: string;
  readonly match?: FaultMatch;
  /** How often it happens at most. */
  readonly times?: number;
  /** How long the call waits before anything else happens to it. */
  readonly delay?: string;
  readonly handle?: FaultHandling;
  readonly answer?: FaultAnswer;
  /** How long lists do not show what the call has written. */
  readonly showLate?: string;
  /** Somebody else changes the items that the call names, just before it is handled. */
  readonly moveRowVersion?: boolean;
  readonly refuseToken?: TokenRefusal;
  /** The permission is gone from the matching call on. */
  readonly refusePermission?: string;
}

export interface FaultMatch {
  readonly method?: string | readonly string[];
  /** Below the base path. A glob, or a regular expression. */
  readonly path?: string | { readonly regex: string };
  /** Counted among the calls that have the method and the path, from 1. */
  readonly calls?: number | { readonly from?: number; readonly to?: number; readonly every?: number };
  readonly share?: number;
}

export type FaultHandling =
  | "no"
  | "once"
  | "twice"
  | { readonly part: number }
  | { readonly late: string | { readonly upTo: string } };

export type FaultAnswer = "never" | "close" | "cut" | "html" | FaultStatus;

export interface FaultStatus {
  readonly status: number;
  /** Seconds, or a date so many seconds ahead. */
  readonly retryAfter?: number | { readonly date: number };
  readonly shape?: ErrorShape;
  readonly message?: string;
  readonly errorCode?: number | string;
}

/** How an error body is made; `page` is HTML, `empty` no body at all. */
export type ErrorShape =
  | "plain"
  | "abp"
  | "odata"
  | "problem"
  | "pascal"
  | "errorMessage"
  | "nested"
  | "page"
  | "empty";

/** `once`: this call's token, for this call. `revoked`: this token from now on. `forGood`: every token from now on. */
export type TokenRefusal = "once" | "revoked" | "forGood";
