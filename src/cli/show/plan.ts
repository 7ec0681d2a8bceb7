import { planLines } from "../../core/plan-file.ts";
import { planView } from "../../views/human/plan.ts";
import { inChunks } from "../../workflow/files/plan-file.ts";
import { readPlan } from "../../workflow/files/read-plan.ts";
import { ciOf } from "../ci.ts";
import type { ShownFile } from "../commands/show.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { ShowOptions } from "../options.ts";
import { planTexts } from "../plan-texts.ts";
import { Reports } from "../reports.ts";
import { styleOf } from "../screen.ts";

/** A saved plan as `plan` has shown it, in any of its formats. */
export async function showPlan({ path, name }: ShownFile, options: ShowOptions, io: Io): Promise<ExitCode> {
  const { output, verbose = false } = options;
  using reports = new Reports(options.report, ["json", "markdown", "html", "code quality"], io);
  const plan = await readPlan(path, name);
  const texts = planTexts(plan, { verbose, reports, ci: ciOf(io, {}), io });
  switch (output) {
    case "json":
    case "markdown":
    case "html":
      for (const piece of texts[output]()) io.stdout.write(piece);
      break;
    case "ndjson":
      for (const lines of inChunks(planLines(plan))) io.stdout.write(lines);
      break;
    case "human":
    case "yaml":
      io.stdout.write(planView(plan, { ...styleOf(io.stdout, io, options), verbose }));
      break;
  }
  reports.write(texts);
  return reports.exitCode(exitCodes.done);
}
