import { jobList } from "../../views/listing/columns.ts";
import { listJobs } from "../../workflow/listing.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { writeList, type ListOptions } from "../list-output.ts";
import { look, readTarget } from "../look.ts";
import { spanOf, type Moment } from "../moment.ts";

export interface JobsOptions extends ListOptions {
  readonly state: readonly string[];
  readonly process?: string;
  readonly reference?: string;
  readonly robot?: string;
  readonly environment?: number;
  readonly error?: string;
  readonly createdAfter?: Moment;
  readonly createdBefore?: Moment;
  readonly startedAfter?: Moment;
  readonly startedBefore?: Moment;
  readonly endedAfter?: Moment;
  readonly endedBefore?: Moment;
  readonly limit: number;
}

/** Lists jobs, the newest first. */
export async function jobs(_: readonly string[], options: JobsOptions, io: Io): Promise<ExitCode> {
  const { target } = await readTarget(options, io);
  const found = await look(target, options, io, async ({ reader, folder, signal }) => {
    await reader.apiVersion(signal); // and with it the server's clock
    const now = reader.now();
    const { state, process, reference, robot, environment, error, limit } = options;
    const created = spanOf(options.createdAfter, options.createdBefore, now);
    const started = spanOf(options.startedAfter, options.startedBefore, now);
    const ended = spanOf(options.endedAfter, options.endedBefore, now);
    const filter = { state, process, reference, robot, environment, error, created, started, ended };
    return listJobs({ reader, folder, filter, limit, signal });
  });
  writeList(jobList, found, options, io);
  return exitCodes.done;
}
