import { PermissionError, PlanRefusedError, UsageError } from "../../core/errors.ts";
import { hasPendingChanges, isRefused, type Plan } from "../../core/plan.ts";
import { wayAround } from "../../core/refusal.ts";
import type { ApplyReport } from "../../core/report.ts";
import { applyPlan } from "../../workflow/apply/apply.ts";
import { stamped } from "../../workflow/emit.ts";
import { lacksPermission } from "../../workflow/permission.ts";
import { jsonText, planView, reportJson, reportView } from "../../views/index.ts";
import { applyDisplay, planDisplay, shown } from "../display.ts";
import { exitCodeOfReport, type ExitCode } from "../exit-codes.ts";
import { Interruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import type { TenantOptions } from "../options.ts";
import { openProject, type Project } from "../project.ts";
import { planProject } from "../run.ts";
import { styleOf } from "../screen.ts";
import { openTarget, type OpenTarget } from "../target.ts";

export interface ApplyCommandOptions extends TenantOptions {
  readonly autoApprove?: boolean;
}

/** Plans, shows, asks, carries out, reports. */
export async function apply(paths: readonly string[], options: ApplyCommandOptions, io: Io): Promise<ExitCode> {
  if (options.autoApprove !== true && !io.hasTerminal) {
    throw new UsageError("there is no terminal to ask at", {
      hint: "review the plan first (orch-sync plan), then run apply with --auto-approve",
    });
  }
  const project = await openProject(paths, options, io);
  // A display that redraws holds other text back until it ends, so the notice goes through it while there is one.
  const notice = { show: (text: string): void => io.stderr.write(`\n${text}\n`) };
  using interruption = new Interruption(io, { timeout: options.timeout, onDrain: (text) => notice.show(text) });
  await using target = await openTarget(project.target, io);
  const session = { project, target, options, io, interruption, notice };
  const plan = await shown(await planDisplay(io, options), (receive) =>
    interruption.during(planProject({ ...session, receive, signal: interruption.draining })),
  );
  show(plan, options, io);
  if (lacksPermission(plan)) throw new PermissionError("the account lacks a permission: nothing was written");
  if (isRefused(plan)) throw refusal(plan);
  if (hasPendingChanges(plan.summary)) await approve(session);
  const report = await carryOut(plan, session);
  tell(report, plan, options, io);
  return exitCodeOfReport(report);
}

function refusal(plan: Plan): PlanRefusedError {
  const around = wayAround(plan);
  const hint = around && `fix what is blocked, or ${around.words}: ${around.flags}`;
  return new PlanRefusedError("the plan is refused: nothing was written", { hint });
}

interface Session {
  readonly project: Project;
  readonly target: OpenTarget;
  readonly options: ApplyCommandOptions;
  readonly io: Io;
  readonly interruption: Interruption;
  readonly notice: { show: (text: string) => void };
}

/** With `-o json` stdout is the report alone, so the plan goes to stderr. */
function show(plan: Plan, options: ApplyCommandOptions, io: Io): void {
  const output = options.output === "json" ? io.stderr : io.stdout;
  if (options.quiet === true && options.autoApprove === true && !isRefused(plan)) return;
  output.write(planView(plan, { ...styleOf(output, io, options), verbose: options.verbose ?? false }));
}

async function approve({ options, io, interruption }: Session): Promise<void> {
  if (options.autoApprove === true) return;
  const approved = await io.confirm("\nApply this plan? Type yes to apply: ", interruption.draining);
  await interruption.during(
    interruption.draining.aborted ? Promise.reject(new Error("at the prompt")) : Promise.resolve(),
  );
  if (!approved) throw new PlanRefusedError("declined: nothing was written");
}

async function carryOut(plan: Plan, session: Session): Promise<ApplyReport> {
  const { project, target, options, io, interruption, notice } = session;
  return shown(await applyDisplay(plan, io, options), (receive) => {
    const emit = stamped(io.clock, receive);
    notice.show = (text) => emit({ type: "interrupted", text });
    return applyPlan({
      plan,
      reader: target.reader,
      clock: io.clock,
      timing: project.target.timing,
      parallelism: options.parallelism,
      emit,
      draining: interruption.draining,
      signal: interruption.stopping,
    });
  });
}

function tell(report: ApplyReport, plan: Plan, options: ApplyCommandOptions, io: Io): void {
  if (options.output === "json") {
    io.stdout.write(jsonText(reportJson(report)));
  } else if (hasPendingChanges(plan.summary)) {
    if (io.stderr.isTerminal) io.stderr.write("\n"); // progress stands right above
    io.stdout.write(reportView(report, { ...styleOf(io.stdout, io, options), verbose: options.verbose ?? false }));
  }
}
