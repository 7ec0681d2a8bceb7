import type { Event } from "../core/events.ts";
import { hasPendingChanges, type Plan } from "../core/plan.ts";
import { terminalProgress } from "../views/progress/load-terminal.ts";
import { logProgress, waitsProgress } from "../views/progress/log.ts";
import { pendingResources, quietProgress, type Progress } from "../views/progress/progress.ts";
import type { Io } from "./io.ts";
import { canRedraw, styleOf } from "./screen.ts";

interface DisplayOptions {
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** What stderr shows while a plan is made: a moving line on a terminal; in a log waits alone, unless more is wanted. */
export async function planDisplay(io: Io, options: DisplayOptions): Promise<Progress> {
  if (options.quiet === true) return quietProgress();
  if (canRedraw(io.stderr, io))
    return terminalProgress(io.stderr.stream, { ...timing(io), ...styleOf(io.stderr, io, options) });
  return options.verbose === true ? logProgress(io.stderr.write, timing(io)) : waitsProgress(io.stderr.write);
}

/** What stderr shows while a plan is carried out; `more`: it has something to tell without a pending change, too. */
export async function applyDisplay(plan: Plan, io: Io, options: DisplayOptions, more: boolean): Promise<Progress> {
  if (options.quiet === true || !(more || hasPendingChanges(plan.summary))) return quietProgress();
  const resources = pendingResources(plan);
  if (!canRedraw(io.stderr, io)) return logProgress(io.stderr.write, { ...timing(io), resources });
  return terminalProgress(io.stderr.stream, { ...timing(io), ...styleOf(io.stderr, io, options), resources });
}

function timing(io: Io): Pick<Parameters<typeof logProgress>[1], "now" | "schedule"> {
  return { now: () => io.clock.now().getTime(), schedule: (ms, callback) => io.schedule(ms, callback) };
}

/** Runs something under a display, which ends whatever happens. */
export async function shown<T>(display: Progress, run: (receive: (event: Event) => void) => Promise<T>): Promise<T> {
  try {
    return await run((event) => display.show(event));
  } finally {
    await display.stop();
  }
}
