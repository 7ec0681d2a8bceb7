import { OrchSyncError } from "../core/errors.ts";
import { errorView } from "../views/human/error.ts";
import { exitCodeOf, exitCodes, type ExitCode } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { styleOf } from "./screen.ts";

/**
 * What a run gives after its writes, such as a file. What cannot be given is said on stderr: it neither keeps the rest
 * back nor changes how the run itself has ended, unless that was well.
 */
export class Owed {
  readonly #io: Io;
  #exitCode: ExitCode;

  constructor(exitCode: ExitCode, io: Io) {
    this.#exitCode = exitCode;
    this.#io = io;
  }

  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  async give(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof OrchSyncError)) throw error;
      this.#io.stderr.write(errorView(error, styleOf(this.#io.stderr, this.#io, {})));
      if (this.#exitCode === exitCodes.done) this.#exitCode = exitCodeOf(error);
    }
  }
}
