import { UsageError } from "../../core/errors.ts";
import type { ApplyReport } from "../../core/report.ts";
import { reportHtml } from "../../views/html/report.ts";
import { reportView } from "../../views/human/report.ts";
import { reportJson } from "../../views/json/report.ts";
import { jsonText } from "../../views/json/text.ts";
import { reportMarkdown } from "../../views/markdown/report.ts";
import { readEvents, readReport } from "../../workflow/files/read-report.ts";
import type { ShownFile } from "../commands/show.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { ShowOptions } from "../options.ts";
import { Reports } from "../reports.ts";
import { styleOf } from "../screen.ts";

/** The report of an apply, from its JSON, as `apply` has printed it. */
export async function showReport(file: ShownFile, options: ShowOptions, io: Io): Promise<ExitCode> {
  return Promise.resolve(print(() => readReport(file.path, file.name), options, io));
}

/** The same from its events. */
export async function showEvents(file: ShownFile, options: ShowOptions, io: Io): Promise<ExitCode> {
  const report = await readEvents(file.path, file.name);
  return print(() => report, options, io);
}

function print(read: () => ApplyReport, options: ShowOptions, io: Io): ExitCode {
  const { output, verbose = false } = options;
  using reports = new Reports(options.report, ["json", "markdown", "html"], io);
  if (output === "ndjson" || output === "yaml") {
    throw new UsageError(`a report is not shown as ${output}`, { hint: "use -o human, json, markdown or html" });
  }
  const report = read();
  const texts = {
    json: () => jsonText(reportJson(report)),
    markdown: () => reportMarkdown(report),
    html: () => reportHtml(report),
  };
  if (output === "human") io.stdout.write(reportView(report, { ...styleOf(io.stdout, io, options), verbose }));
  else io.stdout.write(texts[output]());
  reports.write(texts);
  return reports.exitCode(exitCodes.done);
}
