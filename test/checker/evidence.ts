/**
 * What a run leaves behind for the checker, which shares no code with src/: plans and reports as the commands print
 * them (`-o json`), rows as the server lists them, requests as it logged them.
 */
export type Json = Readonly<Record<string, unknown>>;

/** A set of queue items that a manifest names. */
export interface WantedItems {
  readonly queue: string;
  readonly queueId: number;
  readonly unique: boolean;
  readonly references: readonly string[];
  readonly recreateDeleted: boolean;
  readonly prune?: string;
}

/** A run that a manifest wants. */
export interface WantedRun {
  readonly name: string;
  readonly process: string;
  readonly jobs: number;
  readonly run: "once" | "onChange" | "always";
}

export interface Wanted {
  readonly items: readonly WantedItems[];
  readonly runs: readonly WantedRun[];
  /** The process whose jobs are to be stopped. */
  readonly stops?: string;
  /** The queue whose failed items get reviewers. */
  readonly reviews?: string;
}

/** All rows of the tenant. */
export interface Snapshot {
  readonly items: readonly Json[];
  readonly jobs: readonly Json[];
}

/** A line of the server's request log, and what the server cannot know of it. */
export interface SentCall {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** When it arrived, ISO 8601. */
  readonly time: string;
  readonly body: string | null;
  readonly fault: { readonly name: string; readonly handled: readonly number[] } | null;
  /** Whose it was: `apply 2`, `robot`, `person`. */
  readonly by: string;
  /** Whether the whole answer came back to whoever sent it. */
  readonly heard: boolean;
  /** Milliseconds. */
  readonly sentAt: number;
}

export interface PlanLine {
  readonly action: string;
  readonly key: { readonly kind: string; readonly name: string; readonly entry?: string };
  readonly label: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly warnings?: readonly string[];
}

export interface PlanDocument {
  readonly resources: readonly { readonly settings: Json; readonly changes: readonly PlanLine[] }[];
}

export interface OutcomeLine {
  readonly key: PlanLine["key"];
  readonly action: string;
  readonly label: string;
  readonly status: "applied" | "already-done" | "failed" | "skipped" | "unknown";
  readonly note?: string;
  readonly ids?: readonly number[];
}

export interface ReportDocument {
  readonly counts: Readonly<Record<OutcomeLine["status"], number>>;
  readonly outcomes: readonly OutcomeLine[];
}

/** One apply: its plan, and its report unless it was killed or could not go on. */
export interface ApplyRecord {
  readonly name: string;
  /** It, and those that were killed and that it carries on. */
  readonly by: readonly string[];
  readonly plan?: PlanDocument;
  readonly report?: ReportDocument;
}

/** What of the table in docs/exactly-once.md a run did not keep to. */
export type Broken =
  | "a write committed later than settle"
  | "a proxy sent a write twice"
  | "two applies at the same time without a lease"
  | "an apply began before settle had passed, without journal or lease"
  | "an apply began while lists lagged behind the one before"
  | "lists lagged behind for longer than settle";

export interface Evidence {
  readonly settle: number;
  readonly wanted: Wanted;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly calls: readonly SentCall[];
  readonly applies: readonly ApplyRecord[];
  /** The plan after all of them. */
  readonly last?: PlanDocument;
  readonly converged: boolean;
  readonly broken: readonly Broken[];
  /** Items that robots and people meant to change. */
  readonly touched: readonly number[];
}

/** What the checker finds. */
export interface Verdict {
  /** Promises that did not hold. */
  readonly violations: readonly string[];
  /** What no client can prevent, by name: found and reported. */
  readonly inherent: readonly string[];
}
