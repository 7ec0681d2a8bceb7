import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { PlanRefusedError } from "../../core/errors.ts";
import { unreadable } from "../../workflow/files/file-lines.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { ShowOptions } from "../options.ts";
import { showJournal } from "../show/journal.ts";
import { showPlan } from "../show/plan.ts";
import { showEvents, showReport } from "../show/report.ts";

/** A file that somebody wants to see. */
export interface ShownFile {
  readonly path: string;
  /** As the user gave it. */
  readonly name: string;
}

/** How a file of a format is shown: one row a format. The version is looked at by whoever reads it. */
const views: Readonly<Record<string, (file: ShownFile, options: ShowOptions, io: Io) => Promise<ExitCode>>> = {
  plan: showPlan,
  journal: showJournal,
  report: showReport,
  events: showEvents,
};

/** Prints a file that orch-sync has saved. */
export async function show(words: readonly string[], options: ShowOptions, io: Io): Promise<ExitCode> {
  const [name = ""] = words;
  const file = { name, path: resolve(io.cwd, name) };
  const format = formatOf(file);
  const view = format === undefined || !Object.hasOwn(views, format) ? undefined : views[format];
  if (view === undefined) {
    throw new PlanRefusedError(`${name} is no file that show knows`, {
      hint: `it shows what orch-sync has saved: ${Object.keys(views).join(", ")}`,
    });
  }
  return view(file, options, io);
}

/** What `"format": "orch-sync/NAME/v1"` says near the file's beginning. @throws OrchSyncError when it cannot be read. */
function formatOf({ path, name }: ShownFile): string | undefined {
  try {
    const descriptor = openSync(path, "r");
    try {
      const start = Buffer.alloc(4096);
      const length = readSync(descriptor, start);
      return /^\s*\{[^{}]*?"format"\s*:\s*"orch-sync\/([a-z-]+)\/v\d+"/.exec(start.toString("utf8", 0, length))?.[1];
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) throw unreadable(name, String(error.code), error);
    throw error;
  }
}
