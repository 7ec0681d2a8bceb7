import { readFileSync } from "node:fs";
import { script } from "@bomb.sh/tab";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";

/**
 * The one script of our own: @bomb.sh/tab's for bash needs the package bash-completion, evaluates the line, and, because
 * bash takes words apart at `=`, makes `kind=kind=Job` of `kind=J`.
 */
const bashScript = new URL("../../../templates/completion.bash", import.meta.url);

/** Prints the completion script of a shell. All of them call `orch-sync complete -- WORD…`. */
export function completion([shell = ""]: readonly string[], _options: object, io: Io): Promise<ExitCode> {
  if (shell === "bash") io.stdout.write(readFileSync(bashScript, "utf8"));
  else script(shell, "orch-sync", "orch-sync"); // prints it itself
  return Promise.resolve(exitCodes.done);
}
