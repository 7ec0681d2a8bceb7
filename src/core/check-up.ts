import type { Kind } from "./resource.ts";

/** What `doctor` looks at, in the order of its lines. */
export type CheckId =
  | "proxy"
  | "name"
  | "connection"
  | "tls"
  | "token"
  | "version"
  | "folder"
  | "permissions"
  | "clock"
  | "quota"
  | "lease"
  | "probe";

/** What ends an apply for the same reason, and with which exit code: see docs/doctor.md. */
export type CheckCause = "failed" | "access" | "refused";

/** What was found, before it has a place among the others. */
export type Finding =
  | { readonly state: "fine"; readonly text: string }
  | {
      readonly state: "problem";
      readonly text: string;
      /** What to do. */
      readonly hint: string;
      readonly cause: CheckCause;
      /** Permissions and OAuth scopes by Orchestrator's names. */
      readonly missing?: readonly string[];
    };

/** One line of `doctor`. Texts may hold what a server says: views clean them. */
export type Check = {
  readonly id: CheckId;
  /** Of which manifests, where the check is about permissions. */
  readonly kind?: Kind;
} & (
  | Finding
  | {
      /** Could not be made. */
      readonly state: "skipped";
      /** Because of this one. */
      readonly after: CheckId;
    }
);

/** What no document tells of a server: see docs/doctor.md. */
export type ProbeQuestion =
  | "referenceIn"
  | "startsWith"
  | "queueItemsPage"
  | "jobReference"
  | "jobBatchKey"
  | "rowVersionConflict";

/** What this server says to a question. */
export interface ProbeAnswer {
  readonly question: ProbeQuestion;
  /** As it is kept in the target; left out: it was not found out. */
  readonly answer?: boolean | number | string;
  /** How it was found out, or why it was not. */
  readonly text: string;
}

/** A target, looked at line by line. */
export interface CheckUp {
  readonly target: { readonly name: string; readonly url: string };
  /** This machine's clock, ISO 8601. */
  readonly at: string;
  readonly checks: readonly Check[];
  /** Undefined where nothing was asked. */
  readonly probe?: {
    /** The server's, for which alone the answers hold. */
    readonly apiVersion: number;
    readonly answers: readonly ProbeAnswer[];
  };
}
