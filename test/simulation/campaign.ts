import { judge } from "../checker/judge.ts";
import type { Verdict } from "../checker/evidence.ts";
import { runProcesses } from "./processes.ts";
import { runOnce, type RunResult } from "./run.ts";
import type { Sabotage } from "./sabotage.ts";

export interface CampaignOptions {
  readonly seed: string;
  /** The numbers of the runs. */
  readonly from: number;
  readonly runs: number;
  readonly sabotage?: Sabotage;
  /** True: with the built command, one run beside the other. */
  readonly processes?: boolean;
  /** Called after each run; true ends the campaign. */
  readonly onRun?: (number: number, verdict: Verdict) => boolean;
}

/** What a campaign adds up to. */
export interface Tally {
  runs: number;
  requests: number;
  applies: number;
  kills: number;
  readonly faults: Map<string, number>;
  readonly inherent: Map<string, number>;
  readonly violations: { readonly run: number; readonly text: string }[];
}

function newTally(): Tally {
  return { runs: 0, requests: 0, applies: 0, kills: 0, faults: new Map(), inherent: new Map(), violations: [] };
}

/** Each run by its own seed, so that any of them can be done again alone. */
export async function campaign(options: CampaignOptions): Promise<Tally> {
  const { seed, from, runs, sabotage = {}, processes = false, onRun } = options;
  const tally = newTally();
  let next = from;
  let isOver = false;
  const worker = async (): Promise<void> => {
    while (!isOver && next < from + runs) {
      const number = next++;
      const run = `${seed}/${number}`;
      const verdict = await oneRun(() => (processes ? runProcesses(run) : runOnce(run, sabotage)), tally, number);
      isOver ||= onRun?.(number, verdict) === true;
    }
  };
  // Virtual time is the whole process's; real processes mostly wait.
  await Promise.all(Array.from({ length: processes ? 4 : 1 }, worker));
  return tally;
}

async function oneRun(run: () => Promise<RunResult>, tally: Tally, number: number): Promise<Verdict> {
  let verdict: Verdict;
  try {
    const result = await run();
    verdict = judge(result.evidence);
    add(tally, result);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    verdict = { violations: [`the run broke: ${text}`], inherent: [] };
  }
  tally.runs += 1;
  for (const name of verdict.inherent) count(tally.inherent, name);
  for (const text of verdict.violations) tally.violations.push({ run: number, text });
  return verdict;
}

function add(tally: Tally, { evidence, hits, kills }: RunResult): void {
  tally.requests += evidence.calls.length;
  tally.applies += evidence.applies.length;
  tally.kills += kills;
  for (const [name, times] of Object.entries(hits)) if (times > 0) count(tally.faults, name, times);
}

function count(counts: Map<string, number>, name: string, times = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}

/** For people: figures, then what went wrong and how to see it again. */
export function summary(tally: Tally, seed: string, seconds: number): string {
  const { runs, requests, applies, kills, faults, inherent, violations } = tally;
  const bad = new Set(violations.map(({ run }) => run));
  const table = (counts: ReadonlyMap<string, number>): string[] =>
    [...counts]
      .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([name, n]) => `${String(n).padStart(9)}  ${name}`);
  return [
    `${runs} runs of seed ${seed} in ${seconds.toFixed(1)} s (${((seconds * 1000) / Math.max(1, runs)).toFixed(0)} ms each)`,
    `${applies} applies, ${kills} killed, ${requests} requests`,
    "faults that hit, by kind:",
    ...table(faults),
    "inherent cases, all found and reported:",
    ...(inherent.size === 0 ? ["     none"] : table(inherent)),
    bad.size === 0 ? "no violations" : `${bad.size} runs with violations:`,
    ...[...bad].slice(0, 20).map((run) => told(tally, seed, run)),
  ].join("\n");
}

function told({ violations }: Tally, seed: string, run: number): string {
  const texts = violations.filter((each) => each.run === run).slice(0, 5);
  const repeat = `  run ${run}: npm run chaos -- --seed ${seed} --only ${run}`;
  return [repeat, ...texts.map(({ text }) => `    ${text}`)].join("\n");
}
