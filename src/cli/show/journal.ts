import { foldJournal, NotAJournal } from "../../core/journal-state.ts";
import { PlanRefusedError, UsageError } from "../../core/errors.ts";
import { journalView } from "../../views/human/journal.ts";
import { journalJson } from "../../views/json/journal.ts";
import { jsonText } from "../../views/json/text.ts";
import { fileLines } from "../../workflow/files/file-lines.ts";
import type { ShownFile } from "../commands/show.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { ShowOptions } from "../options.ts";
import { styleOf } from "../screen.ts";

/** A journal: what was intended, sent, known, and what is open. */
export async function showJournal({ path, name }: ShownFile, options: ShowOptions, io: Io): Promise<ExitCode> {
  const { output, verbose = false, report } = options;
  if ((output !== "human" && output !== "json") || report.length > 0) {
    throw new UsageError("a journal is shown as human or json, and has no report");
  }
  try {
    const state = await foldJournal(texts(path, name));
    const view = (): string => journalView(state, { ...styleOf(io.stdout, io, options), verbose });
    io.stdout.write(output === "json" ? jsonText(journalJson(state)) : view());
    return exitCodes.done;
  } catch (error) {
    if (error instanceof NotAJournal) throw new PlanRefusedError(`${name} is no journal: ${error.message}`);
    throw error;
  }
}

async function* texts(path: string, name: string): AsyncGenerator<string, void> {
  for await (const { text } of fileLines(path, name)) yield text;
}
