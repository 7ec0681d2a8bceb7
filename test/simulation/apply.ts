import type { Auth } from "../../src/orchestrator/index.ts";
import { connect } from "../../src/orchestrator/index.ts";
import { hasErrors } from "../../src/core/diagnostic.ts";
import type { DurableFolder } from "../../src/core/durable.ts";
import { planLines } from "../../src/core/plan-file.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { ApplyReport } from "../../src/core/report.ts";
import type { AnyResource } from "../../src/kinds/any.ts";
import { loadManifests } from "../../src/manifest/load.ts";
import { itemPlaces } from "../../src/manifest/item-places.ts";
import { beginJournal, newApplyId, resumeJournal, type Journal } from "../../src/workflow/apply/journal.ts";
import {
  applyToResume,
  earlierApplies,
  settledAt,
  supersede,
  type Earlier,
} from "../../src/workflow/apply/journals.ts";
import { applyUnderLease, type LeaseOptions } from "../../src/workflow/apply/lease/under-lease.ts";
import { inChunks } from "../../src/workflow/files/plan-file.ts";
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
import { gatewaysOf, type Sabotage } from "./sabotage.ts";
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
  readonly lease: boolean;
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
    const folder = folderOf(machine, project);
    const earlier = folder === undefined ? nothing : await earlierApplies(folder);
    await machine.clock.sleep((settledAt(earlier) ?? 0) - machine.clock.now().getTime());
    const plan = await run.plan();
    made(plan);
    const journal = await newJournal(machine, project, plan);
    const report = await run.apply(plan, journal);
    if (folder !== undefined && journal !== undefined) await supersede(folder, earlier, journal.applyId, machine.clock);
    return report;
  });
}

const nothing: Earlier = { applies: [], running: [] };

/** `orch-sync apply --resume`; a plain apply where there is nothing to carry on. */
export async function resume(machine: Machine, project: Project): Promise<Left> {
  let left: Awaited<ReturnType<typeof leftJournal>> | undefined;
  const carriedOn = await carriedOut(machine, project, async (run, made) => {
    left = await leftJournal(machine, project);
    if (left === undefined) throw new Error("there is nothing to carry on");
    made(left.plan);
    return run.apply(left.plan, left.journal);
  });
  return left === undefined && machine.lives ? apply(machine, project) : carriedOn;
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
  const { clock } = machine;
  if (folder === undefined || made.summary.blocked > 0) return undefined;
  const applyId = newApplyId(clock.now(), project.random.bytes(6).toString("hex"));
  project.plans.set(applyId, made);
  const planFile = inChunks(planLines(made));
  return beginJournal({ folder, clock, plan: made, settle, toolVersion: "0", applyId, planFile });
}

/** The newest journal whose apply has not come to its end. */
async function leftJournal(
  machine: Machine,
  project: Project,
): Promise<{ readonly plan: Plan; readonly journal: Journal } | undefined> {
  const folder = folderOf(machine, project);
  if (folder === undefined) return undefined;
  const found = await applyToResume(folder, "the disk").catch(() => undefined);
  const made = found === undefined ? undefined : project.plans.get(found.applyId);
  if (found === undefined || made === undefined) return undefined;
  const { applyId, state } = found;
  const journal = await resumeJournal({ folder, clock: machine.clock, plan: made, applyId }, state);
  return journal === undefined ? undefined : { plan: made, journal };
}

function folderOf(machine: Machine, { disk, moment, sabotage }: Project): DurableFolder | undefined {
  const folder = disk?.of(machine, moment);
  return folder === undefined ? undefined : (sabotage.folder?.(folder) ?? folder);
}

function begin(machine: Machine, { resources, url, auth, log, sabotage, lease }: Project) {
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
  let applyId: string | undefined;
  const own = { fresh: () => connect(target).reader, applyId: () => applyId };
  const plain = connect(target).reader;
  const reader = sabotage.reader?.(plain, own) ?? plain;
  const emit = stamped(clock, (event) => log(`${machine.name} ${JSON.stringify(event)}`));
  return {
    plan: async (): Promise<Plan> =>
      makePlan({
        resources,
        isNamed: namedReferences(resources),
        target: { name: "chaos", url },
        forced: [],
        reader: plain,
        parallelism: 4,
        toolVersion: "0",
        diagnostics: [],
        locate: itemPlaces("/"),
        emit,
        signal: never,
      }),
    apply: async (made: Plan, journal: Journal | undefined): Promise<ApplyReport> => {
      applyId = journal?.applyId;
      const input = {
        plan: made,
        reader,
        clock,
        timing: { settle, poll: 5000 },
        parallelism: 4,
        gateways: gatewaysOf(sabotage),
        emit,
        ...(journal === undefined ? {} : { journal }),
        draining: never,
        signal: never,
      };
      return applyUnderLease(input, lease && sabotage.ignoresLease !== true ? leaseOf(machine) : undefined);
    },
  };
}

/** Whoever comes after a killed one waits until its lease is over, and `settle` more. */
function leaseOf({ name }: Machine): LeaseOptions {
  return {
    settings: { queue: "Leases", folder: "Elsewhere", name: "chaos", ttl: 600_000, ledger: false },
    runner: { owner: name },
    request: requestTimeout,
    lockTimeout: 1_800_000,
  };
}

function asPlan(made: Plan): PlanDocument {
  return planJson(made) as unknown as PlanDocument;
}

function asReport(report: ApplyReport): ReportDocument {
  return reportJson(report) as unknown as ReportDocument;
}
