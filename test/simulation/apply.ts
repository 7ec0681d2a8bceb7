import type { Auth } from "../../src/orchestrator/index.ts";
import { connect } from "../../src/orchestrator/index.ts";
import { hasErrors } from "../../src/core/diagnostic.ts";
import type { DurableFolder } from "../../src/core/durable.ts";
import { isRefused, type Plan } from "../../src/core/plan.ts";
import type { ApplyReport } from "../../src/core/report.ts";
import type { AnyResource } from "../../src/kinds/any.ts";
import { loadManifests } from "../../src/manifest/load.ts";
import { itemPlaces } from "../../src/manifest/item-places.ts";
import { applyPlan } from "../../src/workflow/apply/apply.ts";
import {
  beginJournal,
  journalsIn,
  newApplyId,
  readJournal,
  resumeJournal,
  type Journal,
} from "../../src/workflow/apply/journal.ts";
import { stamped } from "../../src/workflow/emit.ts";
import { namedReferences } from "../../src/workflow/load.ts";
import { makePlan } from "../../src/workflow/plan.ts";
import { planJson } from "../../src/views/json/plan.ts";
import { reportJson } from "../../src/views/json/report.ts";
import type { ApplyRecord, PlanDocument, ReportDocument } from "../checker/evidence.ts";
import { requestTimeout, settle } from "./faults.ts";
import type { Disk } from "./disk.ts";
import type { Machine } from "./machine.ts";
import type { Random } from "./random.ts";
import type { Sabotage } from "./sabotage.ts";
import type { Scenario } from "./scenario.ts";

/** What every apply of a run is given. */
export interface Project {
  readonly resources: readonly AnyResource[];
  readonly url: string;
  readonly auth: Auth;
  /** Left out: no journal is kept. */
  readonly disk?: Disk;
  /** Plans by their applies: what the plan file beside a journal holds. */
  readonly plans: Map<string, Plan>;
  readonly sabotage: Sabotage;
  readonly random: Random;
  readonly moment: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** The manifests as orch-sync reads them. */
export async function loadProject({ manifests }: Scenario): Promise<readonly AnyResource[]> {
  const { resources, diagnostics } = await loadManifests({
    paths: ["-"],
    readStdin: async () => manifests,
    cwd: "/",
    env: {},
    variables: new Map(),
    defaultFolder: "Finance",
  });
  if (hasErrors(diagnostics)) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return resources;
}

/** `orch-sync plan`. */
export async function planOnce(machine: Machine, project: Project): Promise<PlanDocument | undefined> {
  const made = await machine.run(() => begin(machine, project).plan());
  return made === "killed" ? undefined : asPlan(made);
}

/** `orch-sync apply --auto-approve`: what it leaves behind, whether it ends, fails or is killed. */
export async function apply(machine: Machine, project: Project): Promise<Left> {
  return carriedOut(machine, project, async (run, made) => {
    const plan = await run.plan();
    made(plan);
    return run.apply(plan, await newJournal(machine, project, plan));
  });
}

/** `orch-sync apply --resume`; a plain apply where there is nothing to carry on. */
export async function resume(machine: Machine, project: Project): Promise<Left> {
  return carriedOut(machine, project, async (run, made) => {
    const left = await leftJournal(machine, project);
    const plan = left?.plan ?? (await run.plan());
    made(plan);
    return run.apply(plan, left?.journal ?? (await newJournal(machine, project, plan)));
  });
}

/** What an apply leaves behind. */
export type Left = Omit<ApplyRecord, "by">;

type Run = ReturnType<typeof begin>;

async function carriedOut(
  machine: Machine,
  project: Project,
  work: (run: Run, made: (plan: Plan) => void) => Promise<ApplyReport>,
): Promise<Left> {
  const { name } = machine;
  let made: Plan | undefined;
  const record = (): Left => (made === undefined ? { name } : { name, plan: asPlan(made) });
  try {
    const report = await machine.run(() => work(begin(machine, project), (plan) => (made = plan)));
    if (report === "killed") return record();
    return { ...record(), report: asReport(project.sabotage.report?.(report) ?? report) };
  } catch (error) {
    project.log(`${name} cannot go on: ${String(error)}`);
    return record();
  }
}

async function newJournal(machine: Machine, project: Project, made: Plan): Promise<Journal | undefined> {
  const folder = folderOf(machine, project);
  if (folder === undefined || isRefused(made)) return undefined;
  const applyId = newApplyId(machine.clock.now(), project.random.bytes(6).toString("hex"));
  const { clock } = machine;
  const journal = await beginJournal({
    folder,
    clock,
    plan: made,
    settle,
    toolVersion: "0",
    applyId,
    planFile: ["plan"],
  });
  project.plans.set(applyId, made);
  return journal;
}

/** The newest journal, if its apply has not come to its end. */
async function leftJournal(
  machine: Machine,
  project: Project,
): Promise<{ readonly plan: Plan; readonly journal: Journal } | undefined> {
  const folder = folderOf(machine, project);
  const [applyId] = folder === undefined ? [] : await journalsIn(folder);
  const made = applyId === undefined ? undefined : project.plans.get(applyId);
  if (folder === undefined || applyId === undefined || made === undefined) return undefined;
  const state = await readJournal(folder, applyId);
  if (state === undefined || state.end !== undefined) return undefined;
  const journal = await resumeJournal({ folder, clock: machine.clock, plan: made, applyId }, state);
  return journal === undefined ? undefined : { plan: made, journal };
}

function folderOf(machine: Machine, { disk, moment, sabotage }: Project): DurableFolder | undefined {
  const folder = disk?.of(machine, moment);
  return folder === undefined ? undefined : (sabotage.folder?.(folder) ?? folder);
}

function begin(machine: Machine, { resources, url, auth, log, sabotage }: Project) {
  const { clock } = machine;
  const never = new AbortController().signal;
  const target = {
    baseUrl: url,
    auth,
    clock,
    fetch: sabotage.fetch?.(machine.fetch) ?? machine.fetch,
    timing: { request: requestTimeout },
    userAgent: "orch-sync/chaos",
  };
  const { reader } = connect(target);
  const emit = stamped(clock, (event) => log(`${machine.name} ${JSON.stringify(event)}`));
  return {
    plan: async (): Promise<Plan> =>
      makePlan({
        resources,
        isNamed: namedReferences(resources),
        target: { name: "chaos", url },
        forced: [],
        reader,
        parallelism: 4,
        toolVersion: "0",
        diagnostics: [],
        locate: itemPlaces("/"),
        emit,
        signal: never,
      }),
    apply: async (made: Plan, journal: Journal | undefined): Promise<ApplyReport> =>
      applyPlan({
        plan: made,
        reader,
        clock,
        timing: { settle, poll: 5000 },
        parallelism: 4,
        emit,
        ...(journal === undefined ? {} : { journal }),
        draining: never,
        signal: never,
      }),
  };
}

function asPlan(made: Plan): PlanDocument {
  return planJson(made) as unknown as PlanDocument;
}

function asReport(report: ApplyReport): ReportDocument {
  return reportJson(report) as unknown as ReportDocument;
}
