import type { ResolvedTarget } from "../config/config.ts";
import { environmentTarget } from "../config/environment.ts";
import { hasErrors } from "../core/diagnostic.ts";
import { InternalError, ManifestError } from "../core/errors.ts";
import type { Shard } from "../core/shard.ts";
import { cleanLine } from "../core/text.ts";
import { loadProject, type LoadedProject } from "../workflow/load.ts";
import { codeQuality } from "../views/ci/code-quality.ts";
import { diagnosticFindings } from "../views/ci/findings.ts";
import { annotate, ciOf, placed } from "./ci.ts";
import type { Io } from "./io.ts";
import type { SharedOptions, TenantOptions } from "./options.ts";
import type { Reports } from "./reports.ts";
import { shardOfOption, shareOfTarget } from "./shard.ts";

/** A project that is valid and says where to apply it. */
export type Project = LoadedProject & { readonly target: ResolvedTarget };

/** What the files say, whatever is wrong with them. */
export function checkProject(
  paths: readonly string[],
  options: SharedOptions,
  io: Io,
  mode: "offline" | "online" = "offline",
  shard?: Shard,
): Promise<LoadedProject> {
  const { cwd, env } = io;
  const readStdin = (): Promise<Uint8Array> => io.readStdin();
  const { var: variables, varFile, dotenv, overlay, select, exclude, allowOutside = false } = options;
  const given = { variables, varFiles: varFile, dotenvFiles: dotenv, overlays: overlay, select, exclude, allowOutside };
  const { config: configFile, target: targetName } = options;
  return loadProject({ paths, configFile, targetName, cwd, env, readStdin, mode, shard, ...given });
}

/**
 * The project, for a command that needs it whole. @throws ManifestError with everything that is wrong: the CI system
 * and a Code Quality report have got it then.
 */
export async function openProject(
  paths: readonly string[],
  options: SharedOptions & Pick<TenantOptions, "shard">,
  io: Io,
  reports: Reports,
): Promise<Project> {
  const shard = shardOfOption(options.shard, io);
  const project = await checkProject(paths, options, io, "online", shard);
  const { target, diagnostics, files, sources, manifests } = project;
  if (hasErrors(diagnostics)) {
    const ci = ciOf(io, options);
    const findings = diagnosticFindings(diagnostics);
    annotate(findings, ci, io);
    reports.write({ "code quality": () => codeQuality(placed(findings, ci, io)) });
    throw new ManifestError("manifests or config are invalid", diagnostics, { files, sources, manifests });
  }
  if (target === undefined) throw new InternalError("a target is missing without a word why");
  if ((project.env["ORCH_SYNC_URL"] ?? "") !== "" && target.name !== environmentTarget && options.quiet !== true) {
    io.stderr.write(
      `warning: ORCH_SYNC_URL is set and not used: the target is ${cleanLine(target.name)} of the config\n`,
    );
  }
  return { ...project, target: shareOfTarget(target, shard) };
}
