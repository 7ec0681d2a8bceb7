import type { ResolvedTarget } from "../config/config.ts";
import { environmentTarget } from "../config/environment.ts";
import { hasErrors } from "../core/diagnostic.ts";
import { InternalError, ManifestError } from "../core/errors.ts";
import { cleanLine } from "../core/text.ts";
import { loadProject, type LoadedProject } from "../workflow/load.ts";
import type { Io } from "./io.ts";
import type { SharedOptions } from "./options.ts";

/** A project that is valid and says where to apply it. */
export type Project = LoadedProject & { readonly target: ResolvedTarget };

/** What the files say, whatever is wrong with them. */
export function checkProject(
  paths: readonly string[],
  options: SharedOptions,
  io: Io,
  mode: "offline" | "online" = "offline",
): Promise<LoadedProject> {
  const { cwd, env } = io;
  const readStdin = (): Promise<Uint8Array> => io.readStdin();
  const { var: variables, varFile, dotenv, overlay, select, exclude, allowOutside = false } = options;
  const given = { variables, varFiles: varFile, dotenvFiles: dotenv, overlays: overlay, select, exclude, allowOutside };
  const { config: configFile, target: targetName } = options;
  return loadProject({ paths, configFile, targetName, cwd, env, readStdin, mode, ...given });
}

/** The project, for a command that needs it whole. @throws ManifestError with everything that is wrong. */
export async function openProject(paths: readonly string[], options: SharedOptions, io: Io): Promise<Project> {
  const project = await checkProject(paths, options, io, "online");
  const { target, diagnostics, files, sources, manifests } = project;
  if (hasErrors(diagnostics)) {
    throw new ManifestError("manifests or config are invalid", diagnostics, { files, sources, manifests });
  }
  if (target === undefined) throw new InternalError("a target is missing without a word why");
  if ((project.env["ORCH_SYNC_URL"] ?? "") !== "" && target.name !== environmentTarget && options.quiet !== true) {
    io.stderr.write(
      `warning: ORCH_SYNC_URL is set and not used: the target is ${cleanLine(target.name)} of the config\n`,
    );
  }
  return { ...project, target };
}
