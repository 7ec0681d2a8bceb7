import { OrchSyncError } from "../core/errors.ts";
import type { PlanFolder } from "../core/plan.ts";
import { isMissing } from "../kinds/live.ts";
import type { TenantReader } from "../orchestrator/index.ts";

/** The folder of that path, or without one every folder that the account sees. @throws OrchSyncError for one that is not there. */
export async function foldersOf(
  reader: TenantReader,
  path: string | undefined,
  signal: AbortSignal,
): Promise<readonly PlanFolder[]> {
  if (path === undefined) {
    return (await reader.folders(signal)).toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  }
  const found = await reader.folder(path, signal);
  if (!isMissing(found)) return [found];
  const hint = found.nearest === undefined ? undefined : `did you mean ${found.nearest}?`;
  throw new OrchSyncError(`folder ${path} does not exist, or these credentials have no access to it`, { hint });
}
