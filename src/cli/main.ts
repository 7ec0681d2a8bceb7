import { runProgram } from "./program.ts";
import { exitCodeOf, type ExitCode } from "./exit-codes.ts";
import { processIo, type Io } from "./io.ts";

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

/** What failed, on what, and what to do next; never a stack trace, except for a defect of ours with --verbose. */
async function report(error: unknown, io: Io): Promise<void> {
  const { errorView } = await import("../views/index.ts");
  const { styleOf } = await import("./screen.ts");
  io.stderr.write(errorView(error, styleOf(io.stderr, io, {})));
}
