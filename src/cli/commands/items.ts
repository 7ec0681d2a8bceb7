import { itemList } from "../../views/listing/columns.ts";
import { listItems } from "../../workflow/listing.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { writeList, type ListOptions } from "../list-output.ts";
import { look, readTarget } from "../look.ts";
import { spanOf, type Moment } from "../moment.ts";

export interface ItemsOptions extends ListOptions {
  readonly queue?: string;
  readonly status: readonly string[];
  readonly reviewStatus: readonly string[];
  readonly exceptionType?: string;
  readonly error?: string;
  readonly reference?: string;
  readonly prefix?: string;
  readonly robot?: string;
  readonly endedAfter?: Moment;
  readonly endedBefore?: Moment;
  readonly limit: number;
}

/** Lists queue items, the newest first. */
export async function items(_: readonly string[], options: ItemsOptions, io: Io): Promise<ExitCode> {
  const { target } = await readTarget(options, io);
  const found = await look(target, options, io, async ({ reader, folder, signal }) => {
    await reader.apiVersion(signal); // and with it the server's clock
    const { queue, status, reviewStatus, exceptionType, error, reference, prefix, robot, limit } = options;
    const ended = spanOf(options.endedAfter, options.endedBefore, reader.now());
    const filter = { status, reviewStatus, exceptionType, error, reference, prefix, robot, ended };
    return listItems({ reader, folder, queue, limit, signal, filter });
  });
  writeList(itemList, found, options, io);
  return exitCodes.done;
}
