import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Prepared, Scenario } from "./scenario.ts";
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
  /** What it should be at most. */
  readonly aim?: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly items: number;
  readonly rounds: number;
  readonly growth?: string;
  readonly peakAim?: number;
  readonly sides: readonly SideResult[];
  readonly ratios: readonly Ratio[];
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
  const samples = sides.map(() => [] as { readonly seconds: number; readonly peak: number; readonly calls?: number }[]);
  for (let round = 0; round < scenario.rounds; round++) {
    for (const [index, side] of sides.entries()) samples[index]?.push(await side.run());
  }
  const { name, title, items, rounds, growth, peakAim, aims = [] } = scenario;
  const [own = [], ...others] = samples;
  return {
    name,
    title,
    items,
    rounds,
    ...(growth === undefined ? {} : { growth }),
    ...(peakAim === undefined ? {} : { peakAim }),
    sides: sides.map((side, index) => sideResult(side.name, samples[index] ?? [])),
    ratios: others.map((rival, index): Ratio => {
      const against = sides[index + 1]?.name ?? "";
      const aim = aims.find((each) => each.against === against)?.ratio;
      const ratios = rival.map(({ seconds }, round) => (own[round]?.seconds ?? 0) / seconds);
      return Object.assign({ against }, spread(ratios), aim === undefined ? {} : { aim });
    }),
  };
}

function sideResult(
  name: string,
  samples: readonly { readonly seconds: number; readonly peak: number; readonly calls?: number }[],
): SideResult {
  const calls = samples[0]?.calls;
  return {
    name,
    seconds: spread(samples.map(({ seconds }) => seconds)),
    peak: Math.max(...samples.map(({ peak }) => peak)),
    ...(calls === undefined ? {} : { calls }),
  };
}
