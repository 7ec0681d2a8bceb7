import { resolve } from "node:path";
import { summarizeDrift } from "../../core/drift.ts";
import { OrchSyncError, UsageError } from "../../core/errors.ts";
import { planLines } from "../../core/plan-file.ts";
import { hasPendingChanges, isRefused, type Plan } from "../../core/plan.ts";
import { inChunks, PlanFile } from "../../workflow/files/plan-file.ts";
import { lacksPermission } from "../../workflow/permission.ts";
import { planFindings } from "../../views/ci/findings.ts";
import { driftView } from "../../views/human/drift.ts";
import { planView } from "../../views/human/plan.ts";
import { readsView } from "../../views/human/reads.ts";
import { annotate, ciOf } from "../ci.ts";
import { planDisplay, shown } from "../display.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { Interruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import type { TenantOptions } from "../options.ts";
import { planSummary, planTexts } from "../plan-texts.ts";
import { openProject } from "../project.ts";
import { Reports } from "../reports.ts";
import { planProject } from "../run.ts";
import { styleOf } from "../screen.ts";
import { openTarget } from "../target.ts";

export interface PlanCommandOptions extends TenantOptions {
  readonly output: "human" | "json" | "ndjson" | "markdown" | "html";
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly drift?: boolean;
  readonly explain?: boolean;
}

/** Compares and prints. Nothing is written to the tenant. */
export async function plan(paths: readonly string[], options: PlanCommandOptions, io: Io): Promise<ExitCode> {
  const { output, verbose = false } = options;
  using reports = new Reports(options.report, ["json", "markdown", "html", "code quality"], io);
  const project = await openProject(paths, options, io, reports);
  using interruption = new Interruption(io, { timeout: options.timeout, onDrain: () => undefined });
  reports.open();
  using file = options.out === undefined ? undefined : planFileFor(options.out, options, io);
  await using target = await openTarget(project.target, options, io);
  const made = await shown(await planDisplay(io, options), (receive) =>
    interruption.during(planProject({ project, target, options, io, receive, signal: interruption.draining })),
  );
  const unsaved = attemptToSave(made, file);
  const ci = ciOf(io, options);
  const how = { verbose, explain: options.explain ?? false, reports, ci, io };
  const texts = planTexts(made, how);
  if (output === "human") io.stdout.write(screen(made, options, io, unsaved === undefined ? file : undefined));
  else if (output === "ndjson") for (const lines of inChunks(planLines(made))) io.stdout.write(lines);
  else for (const piece of texts[output]()) io.stdout.write(piece);
  annotate(planFindings(made), ci, io);
  ci?.summarize?.((limit) => planSummary(made, how, limit), "orch-sync-plan");
  reports.write(texts);
  if (unsaved !== undefined) throw unsaved;
  if (lacksPermission(made)) return exitCodes.auth;
  if (isRefused(made)) return exitCodes.refused;
  const differs =
    options.drift === true ? summarizeDrift(made.resources).converges > 0 : hasPendingChanges(made.summary);
  if (options.detailedExitcode === true && differs) return exitCodes.changes;
  return reports.exitCode(exitCodes.done);
}

/** Opened before anything is read: what cannot be written is known by then. */
function planFileFor(name: string, { report }: PlanCommandOptions, io: Io): PlanFile {
  const path = resolve(io.cwd, name);
  if (report.some((each) => resolve(io.cwd, each) === path)) {
    throw new UsageError(`--out and --report both write ${name}`);
  }
  return new PlanFile(path, name);
}

/** A plan that cannot be saved is shown all the same. */
function attemptToSave(made: Plan, file: PlanFile | undefined): OrchSyncError | undefined {
  try {
    file?.save(made);
    return undefined;
  } catch (error) {
    if (error instanceof OrchSyncError) return error;
    throw error;
  }
}

function screen(made: Plan, options: PlanCommandOptions, io: Io, saved: PlanFile | undefined): string {
  const style = styleOf(io.stdout, io, options);
  const draw = options.drift === true ? driftView : planView;
  const view = draw(made, { ...style, verbose: options.verbose ?? false, savedTo: saved?.name });
  return options.explain === true ? `${view}\n${readsView(made, style)}` : view;
}
