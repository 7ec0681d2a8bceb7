import { hasPendingChanges, isRefused, type Plan } from "../../core/plan.ts";
import { jsonText, planJson, planView, readsView } from "../../views/index.ts";
import { planDisplay, shown } from "../display.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { Interruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import type { TenantOptions } from "../program.ts";
import { openProject } from "../project.ts";
import { planProject } from "../run.ts";
import { styleOf } from "../screen.ts";
import { openTarget } from "../target.ts";

export interface PlanCommandOptions extends TenantOptions {
  readonly detailedExitcode?: boolean;
  readonly explain?: boolean;
}

/** Compares and prints. Nothing is written to the tenant. */
export async function plan(paths: readonly string[], options: PlanCommandOptions, io: Io): Promise<ExitCode> {
  const project = await openProject(paths, options, io);
  using interruption = new Interruption(io, { timeout: options.timeout, onDrain: () => undefined });
  await using target = await openTarget(project.target, io);
  const made = await shown(await planDisplay(io, options), (receive) =>
    interruption.during(planProject({ project, target, options, io, receive, signal: interruption.draining })),
  );
  io.stdout.write(options.output === "json" ? jsonText(planJson(made, options)) : text(made, options, io));
  if (isRefused(made)) return exitCodes.refused;
  return options.detailedExitcode === true && hasPendingChanges(made.summary) ? exitCodes.changes : exitCodes.done;
}

function text(made: Plan, options: PlanCommandOptions, io: Io): string {
  const style = styleOf(io.stdout, io, options);
  const view = planView(made, { ...style, verbose: options.verbose ?? false });
  return options.explain === true ? `${view}\n${readsView(made, style)}` : view;
}
