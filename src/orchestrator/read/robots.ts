import type { PlanFolder } from "../../core/plan.ts";
import { sameName } from "../../core/fold.ts";
import type { LiveRobot } from "../../kinds/job/live.ts";
import type { Ambiguous, Missing } from "../../kinds/live.ts";
import { isQueryRefused } from "../http/errors.ts";
import { miss } from "./names.ts";
import { nameListing, type Pager } from "./pages.ts";
import { text, type Row } from "./row.ts";

/**
 * The robots that a start in the folder may name. Classic folders own robots; modern folders have those of their
 * users, which only the folder function lists (OpenAPI 16.0; machine 0 stands for any).
 */
export async function readRobots(pager: Pager, folder: PlanFolder, signal: AbortSignal): Promise<LiveRobot[]> {
  const own = nameListing("/odata/Robots", signal, folder.id);
  const ofFolder = `/odata/Robots/UiPath.Server.Configuration.OData.GetFolderRobots(folderId=${folder.id},machineId=0)`;
  const rows =
    folder.type === "classic"
      ? await pager.all(own)
      : await pager.all({ ...own, path: ofFolder }).catch(async (error: unknown) => {
          if (!isQueryRefused(error)) throw error;
          return pager.all(own);
        });
  return rows.map(toRobot);
}

function toRobot(row: Row): LiveRobot {
  const account = text(row, "Username") ?? "";
  return { id: row.Id, name: text(row, "Name") ?? "", ...(account === "" ? {} : { account }) };
}

/** A robot's name decides before an account: several robots may run as one. */
export function findRobot(robots: readonly LiveRobot[], name: string): LiveRobot | Missing | Ambiguous {
  const own = robots.find((robot) => sameName(robot.name, name));
  if (own !== undefined) return own;
  const running = robots.filter(({ account }) => account !== undefined && sameName(account, name));
  const [only, ...others] = running;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) return { ambiguous: name, candidates: running.map((robot) => robot.name) };
  return miss(
    name,
    robots.flatMap((robot) => [robot.name, ...(robot.account === undefined ? [] : [robot.account])]),
  );
}

/** The tenant's machines and machine templates: folders only have some of them assigned. */
export async function readMachines(
  pager: Pager,
  signal: AbortSignal,
): Promise<readonly { readonly id: number; readonly name: string }[]> {
  const rows = await pager.all(nameListing("/odata/Machines", signal));
  return rows.map((row) => ({ id: row.Id, name: text(row, "Name") ?? "" }));
}
