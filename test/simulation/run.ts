import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import type {
  ApplyRecord,
  Broken,
  Evidence,
  Json,
  PlanDocument,
  PlanLine,
  SentCall,
  Snapshot,
  Wanted,
} from "../checker/evidence.ts";
import { apply, loadProject, planOnce, resume, type Project } from "./apply.ts";
import { Disk } from "./disk.ts";
import { settle } from "./faults.ts";
import { Machine, type Death, type World } from "./machine.ts";
import { person, robot } from "./others.ts";
import { Random } from "./random.ts";
import type { Sabotage } from "./sabotage.ts";
import { scenarioOf, type Attempt, type Scenario } from "./scenario.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface RunResult {
  readonly scenario: Scenario;
  readonly evidence: Evidence;
  readonly log: readonly string[];
  /** How often each fault has hit, by name. */
  readonly hits: Readonly<Record<string, number>>;
  readonly kills: number;
}

/** How an apply ended: `unsure` when it lost sight of a write. */
type Ended = "well" | "unsure" | "killed";

/** Applies that may be needed once nothing goes wrong any more. */
export const patience = 6;

/** One run: whatever the seed decides happens, then all is well, and applies go on until nothing is left to do. */
export async function runOnce(seed: string, sabotage: Sabotage = {}): Promise<RunResult> {
  const random = new Random(seed);
  using time = new VirtualTime(Date.parse("2026-11-21T12:00:00Z"), random.fork("chance"));
  const scenario = scenarioOf(random.fork("scenario"));
  const emulator = await startEmulator({
    tenant: scenario.tenant,
    edition: scenario.edition,
    listen: false,
    token: "own",
    clock: "real",
  });
  try {
    return await time.until(new Run(scenario, time, emulator, random.fork("run"), sabotage).result());
  } finally {
    await emulator.close();
  }
}

class Run {
  readonly #scenario: Scenario;
  readonly #world: World;
  readonly #log: string[] = [];
  readonly #applies: ApplyRecord[] = [];
  readonly #touched = new Set<number>();
  readonly #sabotage: Sabotage;
  readonly #disk: Disk | undefined;
  readonly #broken: Set<Broken>;
  /** The last apply that was killed, and those that it carried on: a second one beside it may have begun since. */
  #killedLast: readonly string[] = [];
  #kills = 0;

  constructor(scenario: Scenario, time: VirtualTime, emulator: Emulator, random: Random, sabotage: Sabotage) {
    const begun = time.now;
    const log = (line: string): void => void this.#log.push(`${((time.now - begun) / 1000).toFixed(3)} ${line}`);
    this.#scenario = scenario;
    this.#sabotage = sabotage;
    this.#disk = scenario.journal ? new Disk() : undefined;
    this.#broken = new Set(scenario.broken);
    this.#world = { time, emulator, random, arrived: [], log };
  }

  async result(): Promise<RunResult> {
    const { emulator, time, log } = this.#world;
    const { faults, attempts, wanted } = this.#scenario;
    const project = await this.#project();
    const before = await this.#snapshot();
    emulator.faults.set([...faults]);
    const others = this.#others();
    const second = this.#second(project);
    let ended: Ended = "well";
    for (const attempt of attempts) ended = await this.#attempt(project, attempt, ended);
    await second;
    const hits = Object.fromEntries(emulator.faults.counts().map(({ name, hits: count }) => [name, count]));
    log("nothing goes wrong any more");
    emulator.faults.clear();
    for (const other of others) other.kill();
    await time.sleep(1_200_000); // whatever is still on its way has arrived
    const { last, converged } = await this.#converge(project);
    return {
      scenario: this.#scenario,
      evidence: {
        settle,
        wanted,
        before,
        after: await this.#snapshot(),
        calls: this.#calls(),
        applies: this.#applies,
        ...(last === undefined ? {} : { last }),
        converged,
        broken: [...this.#broken],
        touched: [...this.#touched],
      },
      log: this.#log,
      hits,
      kills: this.#kills,
    };
  }

  async #project(): Promise<Project> {
    const { emulator, log } = this.#world;
    return {
      resources: await loadProject(this.#scenario),
      url: emulator.url,
      auth:
        this.#scenario.signIn === "token"
          ? { type: "token", token: emulator.token }
          : { type: "clientCredentials", clientId: "ci", clientSecret: "chaos" },
      ...(this.#disk === undefined ? {} : { disk: this.#disk }),
      lease: this.#scenario.lease,
      plans: new Map(),
      sabotage: this.#sabotage,
      random: this.#world.random.fork("project"),
      moment: () => this.#world.time.sleep(1),
      log,
    };
  }

  /** One of the applies that follow each other. */
  async #attempt(project: Project, { after, resume: resumeAfter, killed }: Attempt, before: Ended): Promise<Ended> {
    const isFirst = this.#applies.length === 0;
    const isResumed = before === "killed" && resumeAfter !== undefined;
    const wait = isResumed ? resumeAfter : after;
    if (!isFirst) await this.#world.time.sleep(wait);
    if (!isFirst && !isResumed && before !== "well" && after < settle && !this.#isGuarded()) {
      this.#broken.add("an apply began before settle had passed, without journal or lease");
    }
    if (!isFirst && wait < settle) this.#lagging();
    return this.#apply(project, killed, isResumed ? resume : apply);
  }

  /** What an apply has written and lists do not show yet, the next one cannot know, lease or not. */
  #lagging(): void {
    if (!this.#scenario.faults.some(({ showLate }) => showLate !== undefined)) return;
    this.#broken.add("an apply began while lists lagged behind the one before");
  }

  /** What an apply left open is known to the next one, or keeps it waiting. */
  #isGuarded(): boolean {
    return this.#scenario.journal || this.#scenario.lease;
  }

  async #apply(project: Project, killed: Death | undefined, work: typeof apply): Promise<Ended> {
    const place = this.#applies.length;
    const name = `apply ${place + 1}`;
    const machine = new Machine(name, this.#world, killed);
    const carriedOn = work === resume ? this.#killedLast : [];
    const by = [...carriedOn, name];
    this.#applies.push({ name, by });
    const record = { ...(await work(machine, project)), by };
    this.#applies[place] = record;
    if (machine.lives) return (record.report?.counts.unknown ?? 1) > 0 ? "unsure" : "well";
    this.#kills += 1;
    this.#killedLast = by;
    this.#disk?.crash(machine, this.#world.random);
    return "killed";
  }

  async #second(project: Project): Promise<void> {
    const { second } = this.#scenario;
    if (second === undefined) return;
    this.#lagging();
    await this.#world.time.sleep(second.after);
    await this.#apply(project, second.killed, apply);
  }

  #others(): Machine[] {
    const { robots, people } = this.#scenario;
    const work = { robot, person };
    return Object.entries({ robot: robots, person: people }).map(([name, times]) => {
      const machine = new Machine(name, this.#world);
      const random = this.#world.random.fork(name);
      void work[name as keyof typeof work](
        {
          machine,
          world: this.#world,
          random,
          touched: this.#touched,
          wanted: this.#scenario.wanted,
        },
        times,
      );
      return machine;
    });
  }

  /** Applies again until a plan has nothing left. */
  async #converge(project: Project): Promise<{ readonly last: PlanDocument | undefined; readonly converged: boolean }> {
    const { wanted } = this.#scenario;
    let last: PlanDocument | undefined;
    for (let times = 0; times < patience; times++) {
      last = await planOnce(new Machine(`plan ${times + 1}`, this.#world), project);
      if (last === undefined || !last.resources.some(({ changes }) => changes.some((line) => isLeft(line, wanted)))) {
        return { last, converged: last !== undefined };
      }
      await this.#apply(project, undefined, apply);
      await this.#world.time.sleep(settle + 60_000);
    }
    return { last, converged: false };
  }

  #calls(): SentCall[] {
    return this.#world.emulator.requests().flatMap((call, index) => {
      const at = this.#world.arrived[index];
      return at === undefined ? [] : [{ ...call, ...at }];
    });
  }

  /** Every row, as the server lists it to whoever may see all. */
  async #snapshot(): Promise<Snapshot> {
    const items: Json[] = [];
    for (let page = await this.#list("QueueItems", 0); ; page = await this.#list("QueueItems", items.length)) {
      items.push(...page);
      if (page.length < 100) break;
    }
    return { items, jobs: await this.#list("Jobs", 0) };
  }

  async #list(set: string, skip: number): Promise<Json[]> {
    const { emulator, arrived, time } = this.#world;
    arrived.push({ by: "checker", sentAt: time.now, heard: true });
    const response = await emulator.fetch(`${emulator.url}/odata/${set}?$orderby=Id&$top=100&$skip=${skip}`, {
      headers: { authorization: `Bearer ${emulator.token}`, "x-uipath-folderpath": "Finance" },
    });
    if (response.status !== 200) throw new Error(await response.text());
    return ((await response.json()) as { readonly value: Json[] }).value;
  }
}

/** A job that is wanted with every apply is never done with, and a run in progress is waited for each time. */
export function isLeft({ action, key }: PlanLine, { runs }: Wanted): boolean {
  if (action === "start") return runs.some(({ name, run }) => name === key.name && run !== "always");
  return !["no-op", "blocked", "wait"].includes(action);
}
