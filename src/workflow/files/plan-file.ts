import { OrchSyncError } from "../../core/errors.ts";
import { planLines } from "../../core/plan-file.ts";
import type { Plan } from "../../core/plan.ts";
import { PrivateFile } from "./private-file.ts";

/** Characters that are written at once: a line at a time would be a million system calls. */
const chunk = 64 * 1024;

/** Lines in pieces of a useful size. */
export function* inChunks(lines: Iterable<string>): Generator<string, void> {
  let waiting: string[] = [];
  let size = 0;
  for (const line of lines) {
    waiting.push(line);
    size += line.length;
    if (size < chunk) continue;
    yield waiting.join("");
    waiting = [];
    size = 0;
  }
  if (size > 0) yield waiting.join("");
}

/** A file that a plan will be saved in. Open it before the plan is made: then it is known early that it can be. */
export class PlanFile implements Disposable {
  /** As the user gave it. */
  readonly name: string;
  readonly #file: PrivateFile;

  /** @throws OrchSyncError when nothing can be written there. */
  constructor(path: string, name: string = path) {
    this.name = name;
    this.#file = this.#attempt(() => new PrivateFile(path));
  }

  /** Writes the plan; when it returns, all of it is on the disk and under its name. @throws OrchSyncError */
  save(plan: Plan): void {
    this.#attempt(() => {
      for (const text of inChunks(planLines(plan))) this.#file.write(text);
      this.#file.finish();
    });
  }

  /** What was not saved leaves no trace. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #attempt<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error)) throw error;
      throw new OrchSyncError(`the plan file ${this.name} cannot be written: ${String(error.code)}`, {
        hint: "its folder must exist and be writable, and no folder may have its name",
        cause: error,
      });
    }
  }
}
