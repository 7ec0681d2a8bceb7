import type { LiveJob } from "./live.ts";
import type { JobStart } from "./payload.ts";
import type { JobSpec } from "./spec.ts";

/** `start InvoiceSmokeTest`, `start InvoiceSmokeTest again, 3 jobs` */
export function describeStart(start: JobStart, again: boolean): string {
  const { strategy } = start;
  const jobs =
    strategy.type === "All"
      ? "on all robots"
      : strategy.type === "Specific"
        ? count(strategy.robotIds.length, "robot")
        : count(strategy.count, strategy.type === "RobotCount" ? "robot" : "job");
  const extent = jobs === "1 job" ? "" : `, ${jobs}`;
  return `start ${start.process}${again ? " again" : ""}${extent}`;
}

/** `, up to 2 retries`: what an apply may start besides. */
export function describeRetries({ retries }: JobSpec): string {
  if (retries === undefined) return "";
  return `, up to ${retries.limit === 1 ? "1 retry" : `${retries.limit} retries`}`;
}

/** `job 128209 Successful`, `jobs 1, 2 and 3: 2 Successful, 1 Faulted` */
export function describeRun(jobs: readonly Pick<LiveJob, "id" | "state">[]): string {
  const [only] = jobs;
  if (only !== undefined && jobs.length === 1) return `job ${only.id} ${only.state}`;
  const states = Map.groupBy(jobs, (job) => job.state);
  const tally = [...states].map(([state, members]) => `${members.length} ${state}`).join(", ");
  return `jobs ${jobs.map((job) => job.id).join(", ")}: ${tally}`;
}

/** More job ids than this tell a reader nothing. */
const mostIds = 5;

/** `started job 128211 (smoke-test@9b1e44d07a2c)`, `started 12 jobs (nightly@once)` */
export function describeStarted(ids: readonly number[], runKey: string): string {
  const jobs =
    ids.length > mostIds ? count(ids.length, "job") : `${ids.length === 1 ? "job" : "jobs"} ${ids.join(", ")}`;
  return `started ${jobs} (${runKey})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
