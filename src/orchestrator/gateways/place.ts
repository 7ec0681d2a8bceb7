import { InternalError } from "../../core/errors.ts";
import type { PlanFolder, PlannedResource } from "../../core/plan.ts";
import { fullKey, type DesiredResource } from "../../core/resource.ts";
import { isMissing } from "../../kinds/live.ts";
import type { TenantReader } from "../read/tenant.ts";

/** The folder of a planned resource; one without was blocked and never gets here. */
export function folderOf(resource: PlannedResource): PlanFolder {
  if (resource.folder === undefined) throw new InternalError(`${fullKey(resource.key)} has no folder`);
  return resource.folder;
}

/** The folder of a desired resource; whoever plans looks it up first and stops there when it is missing. */
export async function folderFor(
  resource: DesiredResource,
  reader: TenantReader,
  signal: AbortSignal,
): Promise<PlanFolder> {
  const folder = await reader.folder(resource.key.folder, signal);
  if (isMissing(folder)) throw new InternalError(`folder ${folder.missing} was not looked up first`);
  return folder;
}
