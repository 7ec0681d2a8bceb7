import { type ApiError, AuthError, ManifestError, NetworkError, OrchSyncError } from "../core/errors.ts";
import { exitCodeOf, exitCodes, type ExitCode } from "./exit-codes.ts";
import { processIo, type Io } from "./io.ts";
import { runProgram } from "./program.ts";

/** Runs one command line in a process and returns its exit code. */
export async function main(argv: readonly string[], process: NodeJS.Process): Promise<ExitCode> {
  const io = processIo(process);
  const exitCode = await run(argv, io);
  await new Promise((resolve) => process.stdout.write("", resolve)); // until then a failure is not known
  const failure = io.outputFailure();
  if (failure === undefined) return exitCode;
  io.stderr.write(`orch-sync: the output could not be written: ${failure.message}\n`);
  return exitCode === exitCodes.done ? exitCodes.failed : exitCode;
}

async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await runProgram(argv, io);
  } catch (error) {
    await report(error, io);
    return exitCodeOf(error);
  }
}

/** What failed, on what, and what to do next; never a stack trace. */
async function report(error: unknown, io: Io): Promise<void> {
  const { diagnosticsView } = await import("../views/human/diagnostics.ts");
  const { errorView } = await import("../views/human/error.ts");
  const { styleOf } = await import("./screen.ts");
  const style = styleOf(io.stderr, io, {});
  if (error instanceof ManifestError && error.diagnostics.length > 0) {
    io.stderr.write(diagnosticsView(error.diagnostics, { ...style, ...error.checked }));
  } else {
    io.stderr.write(errorView(error instanceof OrchSyncError ? withDoctor(error) : defect(error), style));
  }
}

/** Where the network or the account may be at fault, one command finds out what it is. */
function withDoctor(error: OrchSyncError): Pick<ApiError, "message" | "hint"> & Partial<ApiError> {
  if (!(error instanceof NetworkError || error instanceof AuthError)) return error;
  const { message, fault, cause, hint } = error;
  const more = "orch-sync doctor tells more";
  return { message, fault, cause, hint: hint === undefined ? more : `${hint}; ${more}` };
}

/** The text of a defect, for a report to us: where it happened, and nothing of the input. */
function defect(error: unknown): { readonly message: string; readonly hint: string } {
  const [text = "", place = ""] = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split("\n");
  const hint = "This is a defect of orch-sync, not of your input. Please report it with this line and the command.";
  return { message: `internal error: ${text} ${place.trim()}`, hint };
}
