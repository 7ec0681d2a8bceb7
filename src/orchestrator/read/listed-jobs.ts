import { isRecord } from "../../core/json.ts";
import type { ListedJob, Listing } from "../../core/listing.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isNotFound } from "../http/errors.ts";
import { queryString } from "../odata/query.ts";
import { eq, int } from "../odata/filter.ts";
import { containing, named, ofRobot, oneOf, within, type RobotOf, type Span } from "./conditions.ts";
import { toJob } from "./jobs.ts";
import { robotOf } from "./listed-items.ts";
import { readNewest, type Condition } from "./newest.ts";
import { isRow, number, text, type Row } from "./row.ts";

/** Which jobs to list; what is left out or empty takes all. */
export interface JobFilter {
  readonly state: readonly string[];
  readonly process?: string | undefined;
  readonly reference?: string | undefined;
  /** An id or a name. */
  readonly robot?: string | undefined;
  /** The id of an environment: classic folders alone have them. */
  readonly environment?: number | undefined;
  /** Part of `Info`. */
  readonly error?: string | undefined;
  readonly created: Span;
  readonly started: Span;
  readonly ended: Span;
}

interface Read {
  readonly job: ListedJob;
  readonly robot: RobotOf | undefined;
}

const pageSize = 1000;

/** The newest jobs that a filter takes. */
export async function listJobs(
  client: OrchestratorClient,
  folder: PlanFolder,
  filter: JobFilter,
  limit: number,
  signal: AbortSignal,
): Promise<Listing<ListedJob>> {
  const found = await readNewest<Read>(client, {
    path,
    folder: folder.id,
    conditions: conditions(filter),
    expand,
    size: pageSize,
    limit,
    read: (row) => toRead(row, folder.path),
    signal,
  });
  return { ...found, rows: found.rows.map(({ job }) => job) };
}

/** One job by its id; undefined when there is none in the folder. Not a list call: waits poll with this. */
export async function readListedJob(
  client: OrchestratorClient,
  folder: PlanFolder,
  id: number,
  signal: AbortSignal,
): Promise<ListedJob | undefined> {
  try {
    const query = queryString({ expand });
    const body = await client.get(`${path}(${id})`, { query, folder: folder.id, signal });
    return isRow(body) ? toRead(body, folder.path).job : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const path = "/odata/Jobs";
const expand = "Robot,Release";

function conditions(filter: JobFilter): Condition<Read>[] {
  const { environment } = filter;
  return [
    ...oneOf<Read>("State", filter.state, ({ job }) => job.state),
    ...named<Read>("ReleaseName", filter.process, ({ job }) => job.process),
    ...named<Read>("Reference", filter.reference, ({ job }) => job.reference, false),
    ...ofRobot<Read>(filter.robot, ({ robot }) => robot),
    ...(environment === undefined
      ? []
      : [
          {
            filter: eq("Release/EnvironmentId", int(environment)),
            matches: ({ job }: Read) => job.environmentId === environment,
          },
        ]),
    ...within<Read>("CreationTime", filter.created, ({ job }) => job.created),
    ...within<Read>("StartTime", filter.started, ({ job }) => job.started, false),
    ...within<Read>("EndTime", filter.ended, ({ job }) => job.ended),
    ...containing<Read>("Info", filter.error, ({ job }) => job.info),
  ];
}

function toRead(row: Row, folder: string): Read {
  const { id, key, state, reference, releaseName, creationTime, startTime, endTime, info } = toJob(row);
  const release = isRecord(row["Release"]) ? row["Release"] : {};
  const robot = robotOf(row);
  const job: ListedJob = {
    folder,
    id,
    key,
    process: releaseName ?? text(release, "Name") ?? "",
    state,
    reference,
    robot: robot?.name ?? null,
    environmentId: number(release, "EnvironmentId"),
    created: creationTime === "" ? null : creationTime,
    started: startTime,
    ended: endTime,
    info,
  };
  return { job, robot };
}
