import type { Change } from "../../core/change.ts";
import type { Ending } from "../../core/outcome.ts";
import type { ResourceKey } from "../../core/resource.ts";
import type { Answer, Operation } from "../../orchestrator/gateways/port.ts";
import type { OpenSend } from "./open-send.ts";

/** Some changes of one operation. */
export interface Batch {
  readonly key: ResourceKey;
  readonly operation: Pick<Operation, "name" | "repeat">;
  readonly changes: readonly Change[];
  /** How often these were sent, this time included. */
  readonly attempt: number;
}

/** What is asked about, sent or not. */
type Asked = Omit<Batch, "attempt">;

/** What an earlier, cut off run of the same plan is known to have done. */
export interface Recalled {
  /** As it was recorded: nothing more is to be done for these. */
  readonly endings: ReadonlyMap<Change, Ending>;
  /** Sent, and nobody knows what became of it. */
  readonly open: readonly { readonly changes: readonly Change[]; readonly send: OpenSend; readonly sends: number }[];
}

/**
 * What the protocol tells about its writes, before and after each. The journal is one; without it batches are
 * numbered, and that is all.
 */
export interface WriteLog {
  /** A batch that is about to be sent; its number is never used again in the same apply. */
  begin(batch: Batch): BatchLog;
  /** What became of changes by whatever came after the answer: a look, a wait, a second send. Never rejects. */
  known(batch: Asked, endings: ReadonlyMap<Change, Ending>): Promise<void>;
  /** What an earlier run of this plan has left behind. */
  recall(batch: Asked): Recalled;
}

export interface BatchLog {
  readonly number: number;
  /** Right before a request leaves. Resolves when it is on the disk; rejects when it cannot be written. */
  sent(): Promise<void>;
  /** What the send came to. Never rejects: what is not written counts as open, and is looked at. */
  ended(answer: Answer): Promise<void>;
}

const nothing: Recalled = { endings: new Map(), open: [] };

/** For an apply without a journal. */
export function withoutJournal(): WriteLog {
  let batches = 0;
  return {
    begin: () => ({ number: ++batches, sent: () => Promise.resolve(), ended: () => Promise.resolve() }),
    known: () => Promise.resolve(),
    recall: () => nothing,
  };
}
