import { resolve } from "node:path";
import { OrchSyncError, UsageError } from "../core/errors.ts";
import type { Plan } from "../core/plan.ts";
import type { ApplyReport } from "../core/report.ts";
import { cleanLine } from "../core/text.ts";
import { writeFailedRows, type FailedRows } from "../workflow/apply/failed-rows.ts";
import { PrivateFile } from "../workflow/files/private-file.ts";
import type { Io } from "./io.ts";

/** The file of `--failed-rows`: opened before anything is sent, empty when all rows went in. */
export class FailedRowsFile implements Disposable {
  readonly #name: string;
  readonly #file: PrivateFile;

  private constructor(name: string, file: PrivateFile) {
    this.#name = name;
    this.#file = file;
  }

  /** @throws UsageError for a name that no source can have, OrchSyncError when nothing can be written there. */
  static open(name: string | undefined, reports: readonly string[], io: Io): FailedRowsFile | undefined {
    if (name === undefined) return undefined;
    if (!/\.(?:ndjson|jsonl)$/i.test(name)) {
      throw new UsageError(`--failed-rows ${name}: a source of this kind ends with .ndjson`);
    }
    const path = resolve(io.cwd, name);
    if (reports.some((each) => resolve(io.cwd, each) === path)) {
      throw new UsageError(`--failed-rows and --report both write ${name}`);
    }
    return attempt(name, () => new FailedRowsFile(name, new PrivateFile(path)));
  }

  /** Writes the rows; gives the line that a report ends with. */
  write(plan: Plan, { outcomes }: ApplyReport): string | undefined {
    const counts = attempt(this.#name, () => {
      const written = writeFailedRows(plan, outcomes, (text) => this.#file.write(text));
      this.#file.finish();
      return written;
    });
    return line(cleanLine(this.#name), counts);
  }

  /** What was not written leaves no trace. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

function line(name: string, { rows, queues, secret, unknown }: FailedRows): string | undefined {
  const left = [
    ...(secret === 0 ? [] : [`${secret.toLocaleString("en")} with secrets`]),
    ...(unknown === 0 ? [] : [`${unknown.toLocaleString("en")} unknown, which may be there`]),
  ];
  const without = left.length === 0 ? "" : `; not in it: ${left.join(", ")}`;
  if (rows > 0) return `Failed rows: ${name} (${whatToDo(queues)})${without}`;
  return without === "" ? undefined : `Failed rows: none in ${name}${without}`;
}

/** A source is of one queue. */
function whatToDo(queues: FailedRows["queues"]): string {
  if (queues.length < 2) return "fix and apply it as a source";
  const isOneFolder = new Set(queues.map(({ folder }) => folder)).size === 1;
  const parts = queues.map(({ title, folder, rows }) => {
    const where = isOneFolder ? "" : ` in ${cleanLine(folder)}`;
    return `${rows.toLocaleString("en")} of ${cleanLine(title)}${where}`;
  });
  return `${parts.join(", then ")}: fix, split and apply each as a source`;
}

function attempt<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    throw new OrchSyncError(`the file of --failed-rows ${name} cannot be written: ${String(error.code)}`, {
      hint: "its folder must exist and be writable, and no folder may have its name",
    });
  }
}
