import { hasErrors } from "../../core/diagnostic.ts";
import { codeQuality } from "../../views/ci/code-quality.ts";
import { diagnosticFindings } from "../../views/ci/findings.ts";
import { diagnosticsView } from "../../views/human/diagnostics.ts";
import { jsonText } from "../../views/json/text.ts";
import { validationJson } from "../../views/json/validation.ts";
import type { LoadedProject } from "../../workflow/load.ts";
import { annotate, ciOf, placed } from "../ci.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io, Output } from "../io.ts";
import type { SharedOptions } from "../options.ts";
import { checkProject } from "../project.ts";
import { Reports } from "../reports.ts";
import { styleOf } from "../screen.ts";

/** Checks manifests and config offline: every problem at once. */
export async function validate(paths: readonly string[], options: SharedOptions, io: Io): Promise<ExitCode> {
  using reports = new Reports(options.report, ["json", "code quality"], io);
  const project = await checkProject(paths, options, io);
  const { diagnostics } = project;
  const json = (): string => jsonText(validationJson({ diagnostics, ...checkedOf(project) }));
  if (options.output === "yaml") await print(project, options, io);
  else io.stdout.write(options.output === "json" ? json() : told(project, io.stdout, options, io));
  const ci = ciOf(io, options);
  const findings = diagnosticFindings(diagnostics);
  annotate(findings, ci, io);
  reports.write({ json, "code quality": () => codeQuality(placed(findings, ci, io)) });
  return reports.exitCode(hasErrors(diagnostics) ? exitCodes.invalid : exitCodes.done);
}

/** The manifests on stdout, if they are valid; what is wrong with them on stderr. */
async function print(project: LoadedProject, options: SharedOptions, io: Io): Promise<void> {
  const { diagnostics, documents } = project;
  if (diagnostics.length > 0) io.stderr.write(told(project, io.stderr, options, io));
  if (hasErrors(diagnostics)) return;
  const { writeManifests } = await import("../../manifest/write.ts");
  io.stdout.write(writeManifests(documents));
}

function told(project: LoadedProject, output: Output, options: SharedOptions, io: Io): string {
  return diagnosticsView(project.diagnostics, { ...styleOf(output, io, options), ...checkedOf(project) });
}

/** How much was checked. */
function checkedOf({
  files,
  manifests,
  resources,
  sources,
  rows,
}: LoadedProject): Omit<Parameters<typeof validationJson>[0], "diagnostics"> {
  return { files, manifests, selected: resources.length, sources, rows };
}
