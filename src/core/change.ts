import type { JsonPrimitive, JsonValue } from "./json.ts";
import type { Key } from "./resource.ts";
import type { SourceSpan } from "./source.ts";

/** What a change does. `assign` covers reviewer, review status and comment; `wait` attaches to a run in progress. */
export const actions = ["delete", "stop", "start", "create", "update", "assign", "wait", "blocked", "no-op"] as const;
export type Action = (typeof actions)[number];

/** One difference. A side that is missing was not there, was not returned by the server, or is a secret. */
export interface FieldChange {
  /** `content.Amount`, `priority`, `inputArguments.age` */
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** True: views say that it changed, never from what to what. */
  readonly sensitive?: true;
}

/** Why a change is what it is: for people and reports, never for decisions. */
export interface ActionReason {
  readonly code: ReasonCode;
  readonly text: string;
}

export type ReasonCode =
  // queue items
  | "missing"
  | "deleted-recreated"
  | "deleted-left"
  | "differs"
  | "drift-ignored"
  | "drift-refused"
  | "equal"
  | "already-processed"
  | "seeding-over"
  | "not-named"
  | "seed-until-missing"
  | "not-unique"
  | "commit-too-large"
  | "commit-split"
  | "content-hidden"
  | "content-refused"
  // jobs
  | "first-run"
  | "inputs-changed"
  | "always-run"
  | "rerun"
  | "stops-others"
  | "retry-after-failure"
  | "previous-run-failed"
  | "in-progress"
  | "succeeded"
  | "run-never"
  | "starting-over"
  | "ledger-started"
  | "ledger-assumed"
  | "ledger-open"
  // stops and reviews
  | "selected"
  | "selected-twice"
  | "taken-in-turns"
  | "named-twice"
  | "already-reviewed"
  | "foreign-reviewer"
  // refused
  | "queue-unknown"
  | "process-unknown"
  | "folder-unknown"
  | "robot-unknown"
  | "robot-ambiguous"
  | "machine-unknown"
  | "entry-point-unknown"
  | "reviewer-unknown"
  | "reviewer-ambiguous"
  | "reviewer-unfit"
  | "strategy-unfit"
  | "argument-unknown"
  | "argument-type"
  | "argument-missing"
  | "permission-missing"
  | "version-too-old"
  | "empty-selection-prunes";

/** What the plan saw and the write must still find. */
export type Precondition =
  | { readonly type: "absent" }
  | { readonly type: "version"; readonly id: number; readonly rowVersion: string }
  | { readonly type: "fingerprint"; readonly id: number; readonly fingerprint: string };

/**
 * What the manifest says of an entry, as far as `after` does not show it: from both, an apply of a saved plan makes the
 * entry again.
 */
export interface EntryTrace {
  /** The fields that the manifest names. */
  readonly fields: readonly string[];
  /** Those of them that `after` lacks, or has with another value: a date that is cleared, or relative. */
  readonly apart?: Readonly<Record<string, JsonPrimitive>>;
}

interface ChangeBase {
  readonly key: Key;
  /** How people call the entry: `INV-004`, `INV-100 (1050200)`, `job 128211`. Empty where the resource is the line. */
  readonly label: string;
  /** The rest of the line: `High, due 2026-12-05 17:00Z`. Plain text; views clean it. */
  readonly summary: string;
  readonly reason?: ActionReason;
  readonly warnings?: readonly string[];
  readonly source?: SourceSpan;
  /** Paths within before and after (`content.Email`) that no view shows. */
  readonly sensitive?: readonly string[];
  readonly desired?: EntryTrace;
}

/** `before` is what the tenant has, `after` what it will have; which of them exist depends on the action. */
export type Change<Before = unknown, After = unknown> = ChangeBase &
  (
    | { readonly action: "create"; readonly after: After; readonly precondition: Precondition }
    | {
        readonly action: "update" | "assign";
        readonly before: Before;
        readonly after: After;
        readonly fields: readonly FieldChange[];
        readonly precondition: Precondition;
      }
    | { readonly action: "delete" | "stop"; readonly before: Before; readonly precondition: Precondition }
    | {
        readonly action: "start";
        readonly run: "first" | "again";
        /** True where every plan starts it, whatever ran before. */
        readonly always?: true;
        readonly after: After;
        /** What differs from the run before, as far as the server kept it. */
        readonly fields: readonly FieldChange[];
        readonly precondition: Precondition;
      }
    | { readonly action: "wait" | "no-op"; readonly before?: Before }
    | {
        readonly action: "blocked";
        readonly reason: ActionReason;
        readonly hint?: string;
        /** Set where an exit code tells this refusal from all others. */
        readonly cause?: "permission";
      }
  );

/** Changes that an apply sends something for, or waits for. */
export function isPending(change: Change): boolean {
  return change.action !== "no-op" && change.action !== "blocked";
}
