import { isPending } from "../../core/change.ts";
import type { Event } from "../../core/events.ts";
import type { Plan } from "../../core/plan.ts";
import type { Key, ResourceKey } from "../../core/resource.ts";

/** Shows what happens while it happens. */
export interface Progress {
  /** Takes every event of a run, in order. */
  show(event: Event): void;
  /** Ends the display, whatever is still under way; resolves when its last line is written. Nothing is shown after. */
  stop(): Promise<void>;
}

/** Calls back once after `milliseconds`, unless cancelled: the caller's timer, so that tests need no clock. */
export type Schedule = (milliseconds: number, callback: () => void) => () => void;

export interface ProgressOptions {
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  readonly schedule: Schedule;
  /** What is going to be done, in the plan's order. Left out while nothing is planned yet. */
  readonly resources?: readonly ResourceKey[];
}

export interface TerminalOptions extends ProgressOptions {
  /** False: no colour; the cursor still moves. */
  readonly color: boolean;
}

/** The resources of a plan of which an apply emits events. */
export function pendingResources(plan: Pick<Plan, "resources">): ResourceKey[] {
  return plan.resources.filter(({ changes }) => Iterator.from(changes).some(isPending)).map(({ key }) => key);
}

/** The resource that an entry belongs to. */
export function resourceOf({ kind, folder, name }: Key): ResourceKey {
  return { kind, folder, name };
}

/** Shows nothing: `--quiet`. */
export function quietProgress(): Progress {
  return { show: () => undefined, stop: () => Promise.resolve() };
}
