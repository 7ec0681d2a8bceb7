import type { PlanFolder } from "../../core/plan.ts";
import type { LiveRobot } from "../../kinds/job/live.ts";
import { isQueryRefused } from "../http/errors.ts";
import { nameListing, type Pager } from "./pages.ts";
import { text } from "./row.ts";

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
  return rows.map((row) => ({ id: row.Id, name: text(row, "Name") ?? "" }));
}
