import { OrchSyncError } from "../core/errors.ts";
import type { ApplyReport } from "../core/report.ts";
import { eventLines } from "../views/progress/event-lines.ts";
import type { Progress } from "../views/progress/progress.ts";
import { version } from "../workflow/version.ts";
import type { Io } from "./io.ts";
import type { Reports } from "./reports.ts";

/** What an apply tells other programs while it runs: `-o ndjson` and `--report FILE.ndjson`. */
export interface Events {
  /** The display, with every event written as well. */
  beside(display: Progress): Progress;
  /** The last line. */
  end(report: ApplyReport): void;
  /** Runs something; should it throw before there is a report, the last line says why. */
  during<T>(run: () => Promise<T>): Promise<T>;
}

export function openEvents(output: string, reports: Reports, io: Io): Events {
  const sinks = [...(output === "ndjson" ? [io.stdout.write] : []), ...reports.streams()];
  if (sinks.length === 0) return { beside: (display) => display, end: () => undefined, during: async (run) => run() };
  const now = (): number => io.clock.now().getTime();
  const lines = eventLines((text) => sinks.forEach((write) => write(text)), {
    now,
    toolVersion: version,
    schedule: (ms, callback) => io.schedule(ms, callback),
  });
  return {
    beside: (display) => ({
      show(event) {
        lines.show(event);
        display.show(event);
      },
      stop: () => display.stop(),
    }),
    end: (report) => lines.end(report),
    async during(run) {
      try {
        return await run();
      } catch (error) {
        lines.fail(error instanceof OrchSyncError ? error.message : "internal error");
        throw error;
      }
    },
  };
}
