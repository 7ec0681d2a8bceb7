import { hasErrors } from "../../core/diagnostic.ts";
import { diagnosticsView, jsonText, validationJson } from "../../views/index.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { SharedOptions } from "../options.ts";
import { checkProject } from "../project.ts";
import { styleOf } from "../screen.ts";

/** Checks manifests and config offline: every problem at once. */
export async function validate(paths: readonly string[], options: SharedOptions, io: Io): Promise<ExitCode> {
  const { diagnostics, files, resources } = await checkProject(paths, options, io);
  io.stdout.write(
    options.output === "json"
      ? jsonText(validationJson({ diagnostics, files, manifests: resources.length }))
      : diagnosticsView(diagnostics, { ...styleOf(io.stdout, io, options), files, manifests: resources.length }),
  );
  return hasErrors(diagnostics) ? exitCodes.invalid : exitCodes.done;
}
