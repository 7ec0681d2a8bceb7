import { hasErrors, type Diagnostic } from "../../core/diagnostic.ts";
import { writeManifests } from "../../manifest/write.ts";
import { diagnosticsView, jsonText, validationJson } from "../../views/index.ts";
import type { LoadedProject } from "../../workflow/load.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io, Output } from "../io.ts";
import type { SharedOptions } from "../options.ts";
import { checkProject } from "../project.ts";
import { styleOf } from "../screen.ts";

/** Checks manifests and config offline: every problem at once. */
export async function validate(paths: readonly string[], options: SharedOptions, io: Io): Promise<ExitCode> {
  const project = await checkProject(paths, options, io);
  const { diagnostics, files, manifests, resources } = project;
  if (options.output === "yaml") print(project, options, io);
  else if (options.output === "human") io.stdout.write(told(diagnostics, project, io.stdout, options, io));
  else io.stdout.write(jsonText(validationJson({ diagnostics, files, manifests, selected: resources.length })));
  return hasErrors(diagnostics) ? exitCodes.invalid : exitCodes.done;
}

/** The manifests on stdout, if they are valid; what is wrong with them on stderr. */
function print(project: LoadedProject, options: SharedOptions, io: Io): void {
  const { diagnostics, documents } = project;
  if (diagnostics.length > 0) io.stderr.write(told(diagnostics, project, io.stderr, options, io));
  if (!hasErrors(diagnostics)) io.stdout.write(writeManifests(documents));
}

function told(
  diagnostics: readonly Diagnostic[],
  { files, manifests, resources }: LoadedProject,
  output: Output,
  options: SharedOptions,
  io: Io,
): string {
  return diagnosticsView(diagnostics, {
    ...styleOf(output, io, options),
    files,
    manifests,
    selected: resources.length,
  });
}
