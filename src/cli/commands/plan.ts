import { summarizeDrift } from "../../core/drift.ts";
import { hasPendingChanges, isRefused } from "../../core/plan.ts";
import { lacksPermission } from "../../workflow/permission.ts";
import { driftView, jsonText, planJson, planView } from "../../views/index.ts";
import { planDisplay, shown } from "../display.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { Interruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import type { TenantOptions } from "../options.ts";
import { openProject } from "../project.ts";
import { planProject } from "../run.ts";
import { styleOf } from "../screen.ts";
import { openTarget } from "../target.ts";

export interface PlanCommandOptions extends TenantOptions {
  readonly detailedExitcode?: boolean;
  readonly drift?: boolean;
}

/** Compares and prints. Nothing is written to the tenant. */
export async function plan(paths: readonly string[], options: PlanCommandOptions, io: Io): Promise<ExitCode> {
  const project = await openProject(paths, options, io);
  using interruption = new Interruption(io, { timeout: options.timeout, onDrain: () => undefined });
  await using target = await openTarget(project.target, io);
  const made = await shown(await planDisplay(io, options), (receive) =>
    interruption.during(planProject({ project, target, options, io, receive, signal: interruption.draining })),
  );
  io.stdout.write(
    options.output === "json"
      ? jsonText(planJson(made))
      : (options.drift === true ? driftView : planView)(made, {
          ...styleOf(io.stdout, io, options),
          verbose: options.verbose ?? false,
        }),
  );
  if (lacksPermission(made)) return exitCodes.auth;
  if (isRefused(made)) return exitCodes.refused;
  const isDrift =
    options.drift === true ? summarizeDrift(made.resources).converges > 0 : hasPendingChanges(made.summary);
  return options.detailedExitcode === true && isDrift ? exitCodes.changes : exitCodes.done;
}
