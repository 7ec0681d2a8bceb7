import { eventList } from "../../views/listing/columns.ts";
import { readHistory } from "../../workflow/comments.ts";
import { findItem } from "../../workflow/find-item.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { writeList, type ListOptions } from "../list-output.ts";
import { look, readTarget } from "../look.ts";

export interface HistoryOptions extends ListOptions {
  readonly queue?: string;
}

/** What happened to a queue item, the oldest first. */
export async function history([item = ""]: readonly string[], options: HistoryOptions, io: Io): Promise<ExitCode> {
  const { target } = await readTarget(options, io);
  const { queue } = options;
  const found = await look(target, options, io, async ({ reader, folder, signal }) =>
    readHistory(reader, await findItem({ reader, folder, item, queue, signal }), signal),
  );
  writeList(eventList, found, options, io);
  return exitCodes.done;
}
