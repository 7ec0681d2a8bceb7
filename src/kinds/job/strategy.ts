import type { PlanFolder } from "../../core/plan.ts";
import { isMissing, type Missing } from "../live.ts";
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

/** The wire form of a strategy follows the folder's type: modern folders know no `All` and count by ModernJobsCount. */
export function wireStrategy(
  strategy: JobStrategy,
  robots: readonly (LiveRobot | Missing)[],
  folder: PlanFolder,
): Wire | Blocked {
  switch (strategy.type) {
    case "Dynamic":
      return {
        wire: { type: folder.type === "modern" ? "ModernJobsCount" : "JobsCount", count: strategy.count },
        expected: strategy.count,
      };
    case "All":
      return folder.type === "modern" ? allInModernFolder(folder) : { wire: { type: "All" }, expected: null };
    case "Specific":
      return specific(robots, folder);
  }
}

function allInModernFolder(folder: PlanFolder): Blocked {
  const text = `strategy All does not apply to modern folders, and ${folder.path} is one`;
  return {
    blocks: [
      {
        reason: { code: "strategy-unfit", text },
        hint: "use strategy Dynamic with a count",
        at: ["strategy", "type"],
      },
    ],
  };
}

function specific(robots: readonly (LiveRobot | Missing)[], folder: PlanFolder): Wire | Blocked {
  const blocks = robots.flatMap((robot, index): Block[] => {
    if (!isMissing(robot)) return [];
    return [{ ...unknownName("robot-unknown", "robot", robot, folder.path), at: ["strategy", "robots", index] }];
  });
  if (blocks.length > 0) return { blocks };
  const robotIds = robots.flatMap((robot) => (isMissing(robot) ? [] : [robot.id]));
  return { wire: { type: "Specific", robotIds }, expected: robotIds.length };
}
