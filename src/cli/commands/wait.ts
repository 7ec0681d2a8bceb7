import { UsageError } from "../../core/errors.ts";
import type { Listing } from "../../core/listing.ts";
import { formatClock } from "../../core/format-time.ts";
import { cleanLine } from "../../core/text.ts";
import { itemList, jobList } from "../../views/listing/columns.ts";
import { waitForItem, waitForJobs, type WaitInput, type Waited } from "../../workflow/wait.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { writeList, type ListOptions } from "../list-output.ts";
import { look, readTarget } from "../look.ts";

export interface WaitOptions extends ListOptions {
  readonly job?: string;
  readonly queueItem?: string;
  readonly queue?: string;
}

/** Blocks until a job or a queue item has ended: 0 when well, 5 when badly, 7 when --timeout ran out before. */
export async function wait(_: readonly string[], options: WaitOptions, io: Io): Promise<ExitCode> {
  const { job, queueItem, queue } = options;
  if ((job === undefined) === (queueItem === undefined)) {
    throw new UsageError("wait needs --job or --queue-item, and not both");
  }
  if (queueItem !== undefined) {
    const waited = await stay("item", options, io, (input) => waitForItem({ ...input, item: queueItem, queue }));
    writeList(itemList, listingOf(waited), options, io);
    return codeOf(waited);
  }
  const waited = await stay("job", options, io, (input) => waitForJobs({ ...input, job: job ?? "" }));
  writeList(jobList, listingOf(waited), options, io);
  return codeOf(waited);
}

/** States are told on stderr as they change. */
async function stay<Row>(
  what: string,
  options: WaitOptions,
  io: Io,
  run: (input: WaitInput) => Promise<Waited<Row>>,
): Promise<Waited<Row>> {
  const { target } = await readTarget(options, io);
  return look(target, { ...options, quiet: true }, io, ({ reader, folder, signal }) => {
    const onState = (id: number, state: string): void => {
      if (options.quiet === true) return;
      io.stderr.write(`${formatClock(io.clock.now().toISOString())} ${what} ${id}  ${cleanLine(state)}\n`);
    };
    return run({ reader, folder, clock: io.clock, poll: target.timing.poll, onState, signal });
  });
}

function listingOf<Row>({ rows }: Waited<Row>): Listing<Row> {
  return { rows, total: rows.length, more: false };
}

function codeOf({ success }: Waited<unknown>): ExitCode {
  return success ? exitCodes.done : exitCodes.incomplete;
}
