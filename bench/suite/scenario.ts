import type { Sample } from "./measure.ts";

/** Which runs a scenario is part of: `--quick` has the first alone, `--full` all of them. */
export type Size = "quick" | "default" | "full";

/** One that does the work of a scenario: orch-sync, or a rival. */
export interface Side {
  readonly name: string;
  run(): Promise<Sample & { readonly calls?: number }>;
}

/** What a ratio to a rival should be at most. */
export interface Aim {
  readonly against: string;
  readonly ratio: number;
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
  /** Scenarios of one name here differ in size alone: their growth is measured. */
  readonly growth?: string;
  /** The first side is orch-sync. What is prepared is not measured. */
  prepare(folder: string): Promise<Prepared>;
}

export interface Prepared extends AsyncDisposable {
  readonly sides: readonly Side[];
}
