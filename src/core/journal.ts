import type { Change } from "./change.ts";
import type { Fault } from "./fault.ts";
import type { Ending, OutcomeCounts } from "./outcome.ts";
import type { PlanTarget } from "./plan.ts";
import { fullKey, type ResourceKey } from "./resource.ts";

/**
 * The lines of a journal: what an apply was about to send, and what it then knew. Each is an object of JSON on a line of
 * its own. Never content, never a secret: changes are named by key, of a server's answer only its codes are kept.
 */
export type JournalLine =
  | {
      readonly type: "journal";
      readonly format: string;
      /** The apply's own name, part of the mark that its items carry. */
      readonly apply: string;
      readonly plan: {
        readonly id: string;
        readonly sha256: string;
        /** The plan file beside the journal, where there is one. */ readonly file?: string;
        /** Where the file's own digest is another: of a saved plan only what was left to do is in it. */
        readonly fileSha256?: string;
      };
      readonly target: Omit<PlanTarget, "apiVersion">;
      readonly startedAt: string;
      readonly settleMs: number;
      readonly toolVersion: string;
    }
  /** About to be sent; on the disk before it was. Without a result it is an open write, sent or not. */
  | {
      readonly type: "intent";
      readonly batch: number;
      readonly at: string;
      /** `QueueItems/march@Finance` */
      readonly resource: string;
      /** The API's name of the call. */
      readonly call: string;
      readonly repeat: string;
      /** How often these changes were sent, this time included. */
      readonly attempt: number;
      /** Rows above it are all that the plan could not see. */
      readonly watermark?: number;
      /** See `changeName`. */
      readonly changes: readonly string[];
    }
  /** Another request of the same batch: rows that were refused singly, a wait that the server had asked for. */
  | { readonly type: "again"; readonly batch: number; readonly at: string }
  /** What the send came to. */
  | {
      readonly type: "result";
      readonly batch: number;
      readonly at: string;
      readonly ending: "answered" | "refused" | "open";
      readonly fault?: RecordedFault;
      readonly known?: readonly RecordedEnding[];
    }
  /** What became clear later: by looking, or by sending again. */
  | {
      readonly type: "known";
      readonly at: string;
      readonly resource: string;
      readonly call: string;
      readonly known: readonly RecordedEnding[];
    }
  /** The same plan is carried on by another process. */
  | { readonly type: "resumed"; readonly at: string }
  /** Nothing more follows. */
  | {
      readonly type: "end";
      readonly at: string;
      readonly counts?: OutcomeCounts;
      /** The apply that has taken its place. */ readonly supersededBy?: string;
    };

/** Why a call failed, without a word of the server's. */
export type RecordedFault = Omit<Fault, "message" | "retryAfter">;

/** One ending of several changes; all of the batch where none are named. */
export interface RecordedEnding {
  readonly status: Ending["status"];
  readonly note?: string;
  readonly fault?: RecordedFault;
  readonly sentAt?: string;
  readonly notBefore?: string;
  readonly changes?: readonly string[];
  /** Of each change its server ids, in the same order. */
  readonly ids?: readonly (readonly number[] | null)[];
}

/** What tells a change from the others of its resource: `create INV-1`, `delete INV-1 7`, `start`. */
export function changeName(change: Change): string {
  const precondition = "precondition" in change ? change.precondition : undefined;
  const id = precondition === undefined || precondition.type === "absent" ? [] : [precondition.id];
  return [change.action, ...(change.key.entry === undefined ? [] : [change.key.entry]), ...id].join(" ");
}

export function resourceName(key: ResourceKey): string {
  return fullKey({ kind: key.kind, folder: key.folder, name: key.name });
}

/** Endings by what they have in common, in as few words as possible. */
export function recordEndings(endings: ReadonlyMap<Change, Ending>): RecordedEnding[] {
  const texts = new Map<Ending, string>(); // a thousand rows of an answer share one
  const textOf = (ending: Ending): string => {
    const text = texts.get(ending) ?? JSON.stringify(common(ending));
    texts.set(ending, text);
    return text;
  };
  const groups = Map.groupBy(endings, ([, ending]) => textOf(ending));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...common(first[1]), ...members(group) }];
  });
}

function members(group: readonly (readonly [Change, Ending])[]): Pick<RecordedEnding, "changes" | "ids"> {
  const changes = group.map(([change]) => changeName(change));
  const ids = group.map(([, ending]) => ending.ids ?? null);
  return ids.every((each) => each === null) ? { changes } : { changes, ids };
}

function common(ending: Ending): Omit<RecordedEnding, "changes" | "ids"> {
  const fault = "fault" in ending && ending.fault !== undefined ? { fault: withoutWords(ending.fault) } : {};
  const times = ending.status === "unknown" ? { sentAt: ending.sentAt, notBefore: ending.notBefore } : {};
  return {
    status: ending.status,
    ...(ending.note === undefined ? {} : { note: ending.note }),
    ...fault,
    ...times,
  };
}

/** A server's text may quote what it was sent. */
export function withoutWords({ kind, call, status, errorCode, traceId }: Fault): RecordedFault {
  return {
    kind,
    call,
    ...(status === undefined ? {} : { status }),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** An ending as a report gives it, of each change that the record names. */
export function recordedEndings(recorded: RecordedEnding): (readonly [name: string, ending: Ending])[] {
  const { changes = [], ids } = recorded;
  return changes.map((name, index) => [name, endingOf(recorded, ids?.[index] ?? undefined)]);
}

const forgotten = "its words were not recorded";

function endingOf(recorded: RecordedEnding, ids: readonly number[] | undefined): Ending {
  const { status, note = "", fault, sentAt = "", notBefore = "" } = recorded;
  const found = ids === undefined ? {} : { ids };
  const failure = fault === undefined ? undefined : { ...fault, message: forgotten };
  switch (status) {
    case "applied":
    case "already-done":
      return { status, ...(recorded.note === undefined ? {} : { note }), ...found };
    case "failed":
      return { status, note, ...(failure === undefined ? {} : { fault: failure }), ...found };
    case "skipped":
      return { status, note, ...found };
    case "unknown": {
      const lost: Fault = failure ?? { kind: "content", call: "", message: forgotten };
      return { status, note, fault: lost, sentAt, notBefore, ...found };
    }
  }
}
