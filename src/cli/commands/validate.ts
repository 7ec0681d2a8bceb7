import { hasErrors } from "../../core/diagnostic.ts";
import { codeQuality, diagnosticFindings, diagnosticsView, jsonText, validationJson } from "../../views/index.ts";
import { annotate, ciOf, placed } from "../ci.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { SharedOptions } from "../program.ts";
import { checkProject } from "../project.ts";
import { Reports } from "../reports.ts";
import { styleOf } from "../screen.ts";

/** Checks manifests and config offline: every problem at once. */
export async function validate(paths: readonly string[], options: SharedOptions, io: Io): Promise<ExitCode> {
  using reports = new Reports(options.report, ["json", "code quality"], io);
  const { diagnostics, files, resources } = await checkProject(paths, options, io);
  const json = (): string => jsonText(validationJson({ diagnostics, files, manifests: resources.length }));
  io.stdout.write(
    options.output === "json"
      ? json()
      : diagnosticsView(diagnostics, { ...styleOf(io.stdout, io, options), files, manifests: resources.length }),
  );
  const ci = ciOf(io, options);
  const findings = diagnosticFindings(diagnostics);
  annotate(findings, ci, io);
  reports.write({ json, "code quality": () => codeQuality(placed(findings, ci, io)) });
  return reports.exitCode(hasErrors(diagnostics) ? exitCodes.invalid : exitCodes.done);
}
