import { notFound, Refusal } from "../errors.ts";
import type { Call } from "../http/route.ts";
import { startStrategy } from "../model/enumerations.ts";
import type { Folder } from "../store/folders.ts";
import { hasPendingJob, robotsOf, type Release } from "../store/jobs.ts";

/** What of a start says who runs. */
export interface RobotChoice {
  readonly Strategy?: number;
  readonly RobotIds?: readonly number[];
  readonly NoOfRobots?: number;
  readonly JobsCount?: number;
}

export interface MachineRobot {
  readonly MachineId?: number;
  readonly RobotId?: number;
}

const maxJobs = 10_000; // About jobs: "up to 10,000 times in one job"
const classic = ["All", "Specific", "RobotCount", "JobsCount"];
const modern = ["ModernJobsCount", "Specific", "JobsCount"];

/** Which robots get a job, by strategy. Without a strategy the folder's dynamic one is taken, with one job at least. */
export function chooseRobots(
  call: Call,
  folder: Folder,
  release: Release,
  info: RobotChoice,
): readonly (number | null)[] {
  const asked = info.Strategy === undefined ? undefined : (startStrategy.members[info.Strategy] ?? "");
  const strategy = asked ?? ((info.RobotIds?.length ?? 0) > 0 ? "Specific" : "JobsCount");
  if (!(folder.modern ? modern : classic).includes(strategy)) {
    const name = folder.modern ? "StrategyNotAvailableInModernFolder" : "StrategyNotAvailableInClassicFolder";
    throw new Refusal(name, `${name}: ${strategy}`);
  }
  const ids = info.RobotIds ?? [];
  if (strategy !== "Specific" && ids.length > 0) {
    throw new Refusal("InvalidArgument", "RobotIds must be empty unless the strategy is Specific."); // contract
  }
  const available = robotsOf(call.db, folder.id, folder.modern ? null : release.environmentId);
  switch (strategy) {
    case "All":
      return some(available, available.length);
    case "Specific":
      return specific(call, release, ids, robotsOf(call.db, folder.id, null));
    case "RobotCount":
      return some(available, positive("NoOfRobots", info.NoOfRobots));
    default: {
      const count = asked === undefined ? Math.max(1, info.JobsCount ?? 0) : positive("JobsCount", info.JobsCount);
      if (count > maxJobs) throw new Refusal("MaxNumberJobsAlreadyExist", `MaxNumberJobsAlreadyExist: ${count}`);
      return Array.from({ length: count }, () => null);
    }
  }
}

/** Machines and accounts to run on exist in modern folders only, and must be there. */
export function checkMachines(call: Call, folder: Folder, pairs: readonly MachineRobot[]): void {
  if (pairs.length > 0 && !folder.modern) {
    throw new Refusal("CannotSetMachineRobots", "CannotSetMachineRobots: the folder is a classic one.");
  }
  const robots = robotsOf(call.db, folder.id, null);
  for (const { MachineId, RobotId } of pairs) {
    if (MachineId !== undefined && !call.db.get("SELECT 1 FROM machines WHERE id = ?", MachineId)) {
      throw notFound("Machine");
    }
    if (RobotId !== undefined && !robots.includes(RobotId)) throw noSuchRobot(RobotId);
  }
}

function noSuchRobot(id: number): Refusal {
  return new Refusal("InvalidStartJobRobotIds", `InvalidStartJobRobotIds: robot ${id} is not in the folder.`);
}

function some(robots: readonly number[], count: number): readonly number[] {
  if (robots.length === 0 || robots.length < count) {
    throw new Refusal("NoRobotsAvailable", "NoRobotsAvailable: the environment has not enough robots.");
  }
  return robots.slice(0, count);
}

function specific(
  call: Call,
  release: Release,
  ids: readonly number[],
  available: readonly number[],
): readonly number[] {
  if (ids.length === 0) throw new Refusal("InvalidArgument", "RobotIds must not be empty if the strategy is Specific.");
  const unknown = ids.find((id) => !available.includes(id));
  if (unknown !== undefined) throw noSuchRobot(unknown);
  if (ids.some((id) => hasPendingJob(call.db, release.id, id))) {
    // Forum 228318 prints the message and the number.
    throw new Refusal("PendingJobsAlreadyExist", "The robots already have pending jobs for this Process.");
  }
  return [...new Set(ids)];
}

function positive(name: string, value = 0): number {
  if (value < 1) throw new Refusal("InvalidArgument", `${name} must be greater than 0.`);
  return value;
}
