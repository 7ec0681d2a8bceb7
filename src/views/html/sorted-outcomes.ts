import type { Outcome } from "../../core/outcome.ts";

/** Some of many: what a page has room for, and how many there are. */
export interface Some {
  readonly kept: readonly Outcome[];
  readonly size: number;
}

/** The outcomes that somebody may have to look at. */
export interface Sorted {
  readonly failed: Some;
  readonly unknown: Some;
  readonly skipped: Some;
  /** Runs that go on and were not waited for any longer. */
  readonly waited: Some;
  /** The unknown one for which another apply has to wait longest. */
  readonly latest: Outcome | undefined;
}

/** A browser shows as many at once without delay; nobody reads more of them. */
const most = { failed: 1000, unknown: 1000, skipped: 200, waited: 200 } as const;

/** Gone through once: there may be a million, in a file. */
export function sortOutcomes(outcomes: Iterable<Outcome>): Sorted {
  const found = { failed: some(), unknown: some(), skipped: some(), waited: some() };
  let latest: Extract<Outcome, { readonly status: "unknown" }> | undefined;
  for (const outcome of outcomes) {
    const { status } = outcome;
    const group = outcome.leftRunning !== undefined ? "waited" : status;
    if (group === "applied" || group === "already-done") continue;
    found[group].size++;
    if (found[group].kept.length < most[group]) found[group].kept.push(outcome);
    if (status === "unknown" && outcome.notBefore > (latest?.notBefore ?? "")) latest = outcome;
  }
  return { ...found, latest };
}

function some(): { kept: Outcome[]; size: number } {
  return { kept: [], size: 0 };
}
