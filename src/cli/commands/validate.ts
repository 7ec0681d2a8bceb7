import { hasErrors } from "../../core/diagnostic.ts";
import { diagnosticsView, jsonText, validationJson } from "../../views/index.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { SharedOptions } from "../program.ts";
import { checkProject } from "../project.ts";
import { styleOf } from "../screen.ts";

/** Checks manifests and config offline: every problem at once. */
export async function validate(paths: readonly string[], options: SharedOptions, io: Io): Promise<ExitCode> {
  const { diagnostics, files, resources, sources, rows } = await checkProject(paths, options, io);
  const checked = { files, manifests: resources.length, sources, rows };
  io.stdout.write(
    options.output === "json"
      ? jsonText(validationJson({ diagnostics, ...checked }))
      : diagnosticsView(diagnostics, { ...styleOf(io.stdout, io, options), ...checked }),
  );
  return hasErrors(diagnostics) ? exitCodes.invalid : exitCodes.done;
}
