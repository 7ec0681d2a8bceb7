import type { Auth } from "../../src/orchestrator/index.ts";
import { connect } from "../../src/orchestrator/index.ts";
import { hasErrors } from "../../src/core/diagnostic.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { ApplyReport } from "../../src/core/report.ts";
import type { AnyResource } from "../../src/kinds/any.ts";
import { loadManifests } from "../../src/manifest/load.ts";
import { itemPlaces } from "../../src/manifest/item-places.ts";
import { applyPlan } from "../../src/workflow/apply/apply.ts";
import { stamped } from "../../src/workflow/emit.ts";
import { namedReferences } from "../../src/workflow/load.ts";
import { makePlan } from "../../src/workflow/plan.ts";
import { planJson } from "../../src/views/json/plan.ts";
import { reportJson } from "../../src/views/json/report.ts";
import type { ApplyRecord, PlanDocument, ReportDocument } from "../checker/evidence.ts";
import { requestTimeout, settle } from "./faults.ts";
import type { Machine } from "./machine.ts";
import type { Scenario } from "./scenario.ts";

/** What every apply of a run is given. */
export interface Project {
  readonly resources: readonly AnyResource[];
  readonly url: string;
  readonly auth: Auth;
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
export async function plan(machine: Machine, project: Project): Promise<PlanDocument | undefined> {
  const made = await machine.run(() => begin(machine, project).plan());
  return made === "killed" ? undefined : asPlan(made);
}

/** `orch-sync apply --auto-approve`: what it leaves behind, whether it ends, fails or is killed. */
export async function apply(machine: Machine, project: Project): Promise<ApplyRecord> {
  const { name } = machine;
  const run = begin(machine, project);
  let made: Plan | undefined;
  try {
    const report = await machine.run(async () => run.apply((made = await run.plan())));
    if (made === undefined) return { name };
    return report === "killed" ? { name, plan: asPlan(made) } : { name, plan: asPlan(made), report: asReport(report) };
  } catch (error) {
    project.log(`${name} cannot go on: ${String(error)}`);
    return made === undefined ? { name } : { name, plan: asPlan(made) };
  }
}

function begin(machine: Machine, { resources, url, auth, log }: Project) {
  const { clock, fetch } = machine;
  const never = new AbortController().signal;
  const { reader } = connect({
    baseUrl: url,
    auth,
    clock,
    fetch,
    timing: { request: requestTimeout },
    userAgent: "orch-sync/chaos",
  });
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
    apply: async (made: Plan): Promise<ApplyReport> =>
      applyPlan({
        plan: made,
        reader,
        clock,
        timing: { settle, poll: 5000 },
        parallelism: 4,
        emit,
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
