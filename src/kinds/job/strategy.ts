import type { PlanFolder } from "../../core/plan.ts";
import type { Path } from "../../core/locate.ts";
import { isAmbiguous, isMissing, type Ambiguous, type Missing } from "../live.ts";
import { unknownName, type Block } from "../refuse.ts";
import type { LiveRobot } from "./live.ts";
import type { JobStart } from "./payload.ts";
import type { JobStrategy } from "./spec.ts";

interface Wire {
  readonly wire: JobStart["strategy"];
  /** Jobs that the start creates; null where only the server knows. */
  readonly expected: number | null;
}
interface Blocked {
  readonly blocks: readonly Block[];
}

/**
 * The wire form of a strategy follows the folder's type: modern folders have no environments, so neither `All` nor
 * `RobotCount`, and count jobs by ModernJobsCount (Jobs requests; OpenAPI 15.0 to 20.0).
 */
export function wireStrategy(
  strategy: JobStrategy,
  robots: readonly (LiveRobot | Missing | Ambiguous)[],
  folder: PlanFolder,
): Wire | Blocked {
  switch (strategy.type) {
    case "Dynamic":
    case "JobsCount":
      return {
        wire: { type: folder.type === "modern" ? "ModernJobsCount" : "JobsCount", count: strategy.count },
        expected: strategy.count,
      };
    case "RobotCount":
      return folder.type === "modern"
        ? classicOnly(strategy, folder)
        : { wire: { type: "RobotCount", count: strategy.count }, expected: strategy.count };
    case "All":
      return folder.type === "modern" ? classicOnly(strategy, folder) : { wire: { type: "All" }, expected: null };
    case "Specific":
      return specific(robots, folder);
  }
}

function classicOnly({ type }: JobStrategy, folder: PlanFolder): Blocked {
  const text = `strategy ${type} does not apply to modern folders, and ${folder.path} is one`;
  const block: Block = {
    reason: { code: "strategy-unfit", text },
    hint: "use strategy Dynamic with a count",
    at: ["strategy", "type"],
  };
  return { blocks: [block] };
}

function specific(robots: readonly (LiveRobot | Missing | Ambiguous)[], folder: PlanFolder): Wire | Blocked {
  const blocks = robots.flatMap((robot, index) => robotBlocks(robot, folder, ["strategy", "robots", index]));
  if (blocks.length > 0) return { blocks };
  const robotIds = robots.flatMap((robot) => ("id" in robot ? [robot.id] : []));
  return { wire: { type: "Specific", robotIds }, expected: robotIds.length };
}

/** Why a name is no robot of the folder. */
export function robotBlocks(robot: LiveRobot | Missing | Ambiguous, folder: PlanFolder, at: Path): Block[] {
  if (isMissing(robot)) return [{ ...unknownName("robot-unknown", "robot or account", robot, folder.path), at }];
  if (!isAmbiguous(robot)) return [];
  const text = `account ${robot.ambiguous} has several robots: ${robot.candidates.join(", ")}`;
  return [{ reason: { code: "robot-ambiguous", text }, hint: "use the name of a robot", at }];
}
