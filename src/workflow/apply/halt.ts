import { shortKey } from "../../core/resource.ts";
import { isSuccess, type Outcome } from "../../core/outcome.ts";
import type { Emit } from "../emit.ts";

/** What a failure does to what has not begun: only its dependants are skipped, or everything. */
export type OnError = "continue" | "halt";

/** Lets nothing more begin once a change has not succeeded, where that is wanted. What is under way goes on. */
export interface Halt {
  readonly signal: AbortSignal;
  /** Takes note of how a change ended. */
  see(outcome: Outcome): void;
}

export const haltedNote = "not begun: an earlier change did not succeed, and --on-error is halt";

export function haltOn(onError: OnError, emit: Emit): Halt {
  const halting = new AbortController();
  return {
    signal: halting.signal,
    see(outcome) {
      if (onError === "continue" || halting.signal.aborted || isDone(outcome)) return;
      halting.abort();
      const { kind, folder, name } = outcome.key;
      const key = { kind, folder, name };
      emit({ type: "halted", key, text: `${shortKey(key)} did not succeed: nothing more begins` });
    },
  };
}

/** True for what others may build upon: a run that was not seen to end is none. */
export function isDone(outcome: Outcome): boolean {
  return isSuccess(outcome) && outcome.leftRunning === undefined;
}
