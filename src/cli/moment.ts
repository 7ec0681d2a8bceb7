import { InvalidArgumentError } from "commander";
import { readDuration } from "../core/duration.ts";
import { readInstant } from "../core/read-instant.ts";

/** An instant, or how long ago by the server's clock. */
export type Moment = { readonly at: Date } | { readonly ago: number };

/** Reads `2026-11-01T00:00:00Z`, or `2h` for two hours ago. */
export function readMoment(text: string): Moment {
  const ago = readDuration(text);
  if (ago !== undefined) return { ago };
  const read = readInstant(text);
  if (read.type !== "instant") {
    throw new InvalidArgumentError(
      "An instant with its zone is needed, such as 2026-11-01T00:00:00Z, or 2h for 2 h ago.",
    );
  }
  return { at: new Date(read.instant) };
}

/** What lies between two moments, both left out. */
export function spanOf(
  after: Moment | undefined,
  before: Moment | undefined,
  now: Date,
): { readonly after?: Date; readonly before?: Date } {
  return {
    ...(after === undefined ? {} : { after: instantOf(after, now) }),
    ...(before === undefined ? {} : { before: instantOf(before, now) }),
  };
}

function instantOf(moment: Moment, now: Date): Date {
  return "at" in moment ? moment.at : new Date(now.getTime() - moment.ago);
}
