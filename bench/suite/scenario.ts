import type { Sample } from "./measure.ts";

/** Which runs a scenario is part of: `--quick` has the first alone, `--full` all of them. */
export type Size = "quick" | "default" | "full";

/** One that does the work of a scenario: orch-sync, or a rival. */
export interface Side {
  readonly name: string;
  /** How many rounds it takes part in; all of them when left out. */
  readonly rounds?: number;
  run(): Promise<Measured>;
}

/** A run, and the calls that the Orchestrator got. */
export type Measured = Omit<Sample, "output"> & { readonly calls?: number };

/** What a comparison with a rival should give. */
export interface Aim {
  readonly against: string;
  /** Times the rival's time at most. */
  readonly ratio?: number;
  /** Seconds more than the rival at most. */
  readonly more?: number;
}

/** The same work, done by orch-sync and by rivals, one after the other, round by round. */
export interface Scenario {
  readonly name: string;
  /** What is done, for people. */
  readonly title: string;
  readonly size: Size;
  readonly rounds: number;
  /** How many items or jobs it is about. */
  readonly items: number;
  readonly aims?: readonly Aim[];
  /** Megabytes that orch-sync should hold at most. */
  readonly peakAim?: number;
  /** The fewest calls that the work can be done with. */
  readonly bound?: number;
  /** Scenarios of one name here differ in size alone: their growth is measured. */
  readonly growth?: string;
  /** The first side is orch-sync. What is prepared is not measured. */
  prepare(folder: string): Promise<Prepared>;
}

export interface Prepared extends AsyncDisposable {
  readonly sides: readonly Side[];
}

/** A scenario that leaves nothing behind but its folder. */
export function prepared(sides: readonly Side[], server?: AsyncDisposable): Prepared {
  return { sides, [Symbol.asyncDispose]: async () => server?.[Symbol.asyncDispose]() };
}
