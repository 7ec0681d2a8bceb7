import { ManifestError, OrchSyncError } from "../core/errors.ts";
import { exitCodeOf, type ExitCode } from "./exit-codes.ts";
import { processIo, type Io } from "./io.ts";
import { runProgram } from "./program.ts";

/** Runs one command line in a process and returns its exit code. */
export async function main(argv: readonly string[], process: NodeJS.Process): Promise<ExitCode> {
  const io = processIo(process);
  try {
    return await runProgram(argv, io);
  } catch (error) {
    await report(error, io);
    return exitCodeOf(error);
  }
}

/** What failed, on what, and what to do next; never a stack trace. */
async function report(error: unknown, io: Io): Promise<void> {
  const { diagnosticsView, errorView } = await import("../views/index.ts");
  const { styleOf } = await import("./screen.ts");
  const style = styleOf(io.stderr, io, {});
  if (error instanceof ManifestError && error.diagnostics.length > 0) {
    io.stderr.write(diagnosticsView(error.diagnostics, { ...style, ...error.checked }));
  } else {
    io.stderr.write(errorView(error instanceof OrchSyncError ? error : defect(error), style));
  }
}

/** The text of a defect, for a report to us: where it happened, and nothing of the input. */
function defect(error: unknown): { readonly message: string; readonly hint: string } {
  const [text = "", place = ""] = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split("\n");
  const hint = "This is a defect of orch-sync, not of your input. Please report it with this line and the command.";
  return { message: `internal error: ${text} ${place.trim()}`, hint };
}
