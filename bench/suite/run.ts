import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured, Prepared, Scenario } from "./scenario.ts";
import { spread, type Spread } from "./statistics.ts";

/** What one side of a scenario took. */
export interface SideResult {
  readonly name: string;
  readonly seconds: Spread;
  /** VmHWM in megabytes, the highest of all rounds. */
  readonly peak: number;
  readonly calls?: number;
}

/** Orch-sync's time against a rival's, round by round. */
export interface Ratio extends Spread {
  readonly against: string;
  /** Seconds that orch-sync took more, the middle one of all rounds. */
  readonly more: number;
  /** What the ratio should be at most. */
  readonly aim?: number;
  /** What `more` should be at most. */
  readonly moreAim?: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly items: number;
  readonly rounds: number;
  readonly growth?: string;
  readonly peakAim?: number;
  readonly bound?: number;
  readonly sides: readonly SideResult[];
  readonly ratios: readonly Ratio[];
}

/** A scenario of which no figures could be taken. */
export interface Failure {
  readonly name: string;
  readonly title: string;
  readonly message: string;
}

/** Runs a scenario: what it needs is made, then all sides go one after the other, round by round. */
export async function runScenario(scenario: Scenario): Promise<ScenarioResult> {
  const folder = mkdtempSync(join(tmpdir(), "orch-sync-bench-"));
  try {
    await using prepared = await scenario.prepare(folder);
    return await measured(scenario, prepared);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(scenario: Scenario, { sides }: Prepared): Promise<ScenarioResult> {
  const samples = sides.map((): Measured[] => []);
  for (let round = 0; round < scenario.rounds; round++) {
    for (const [index, side] of sides.entries()) {
      if (round < (side.rounds ?? scenario.rounds)) samples[index]?.push(await side.run());
    }
  }
  const { name, title, items, rounds, growth, peakAim, bound } = scenario;
  const [own = [], ...others] = samples;
  return {
    name,
    title,
    items,
    rounds,
    ...(growth === undefined ? {} : { growth }),
    ...(peakAim === undefined ? {} : { peakAim }),
    ...(bound === undefined ? {} : { bound }),
    sides: sides.map((side, index) => sideResult(side.name, samples[index] ?? [])),
    ratios: others.map((rival, index) => ratio(scenario, sides[index + 1]?.name ?? "", own, rival)),
  };
}

function sideResult(name: string, samples: readonly Measured[]): SideResult {
  const calls = samples[0]?.calls;
  return {
    name,
    seconds: spread(samples.map(({ seconds }) => seconds)),
    peak: Math.max(...samples.map(({ peak }) => peak)),
    ...(calls === undefined ? {} : { calls }),
  };
}

function ratio({ aims = [] }: Scenario, against: string, own: readonly Measured[], rival: readonly Measured[]): Ratio {
  const aim = aims.find((each) => each.against === against);
  const pairs = rival.map(({ seconds }, round) => [own[round]?.seconds ?? Number.NaN, seconds] as const);
  return {
    against,
    ...spread(pairs.map(([ours, theirs]) => ours / theirs)),
    more: spread(pairs.map(([ours, theirs]) => ours - theirs)).median,
    ...(aim?.ratio === undefined ? {} : { aim: aim.ratio }),
    ...(aim?.more === undefined ? {} : { moreAim: aim.more }),
  };
}
