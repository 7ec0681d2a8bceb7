import { ApiError } from "../../core/errors.ts";
import type { PlanFolder } from "../../core/plan.ts";
import { isQueryRefused } from "../http/errors.ts";
import { nameListing, type Pager } from "./pages.ts";
import { number } from "./row.ts";

/** Lists across folders, and the permission that each needs anyway. */
const lists = [
  ["/odata/QueueDefinitions", "Queues.View"],
  ["/odata/Releases", "Processes.View"],
] as const;

/** Nobody has it: a server that gives rows all the same does not look. */
const nonsense = "NoSuch.Permission";

/**
 * Finds out what an account may do in a folder without doing it: a list across folders leaves out the folders in which
 * the account lacks a permission that the query names (`mandatoryPermissions`, OpenAPI 15.0 and later). So the folder
 * needs a queue or a process that is seen. Whether servers do as documented is checked with a permission that nobody
 * has. Undefined: the server does not tell.
 */
export async function readPermissions(
  pager: Pager,
  folder: PlanFolder,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, boolean | undefined>> {
  for (const [path, own] of lists) {
    const shows = async (permission: string): Promise<boolean | undefined> =>
      showsFolder(pager, path, folder, permission, signal);
    if ((await shows(own)) !== true || (await shows(nonsense)) === true) continue;
    const held = new Map<string, boolean | undefined>();
    for (const name of names) held.set(name, await shows(name));
    return held;
  }
  return new Map(names.map((name) => [name, undefined]));
}

/** Whether a list has a row of the folder; undefined where it is refused. */
async function showsFolder(
  pager: Pager,
  path: string,
  folder: PlanFolder,
  mandatoryPermissions: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const listing = { ...nameListing(path, signal), mandatoryPermissions };
    for await (const { rows } of pager.pages(listing)) {
      if (rows.some((row) => number(row, "OrganizationUnitId") === folder.id)) return true;
    }
    return false;
  } catch (error) {
    // Without a folder some servers answer 1101, and accounts without the permission 403.
    const isRefused = error instanceof ApiError && (error.fault.status === 403 || error.fault.errorCode === 1101);
    if (isRefused || isQueryRefused(error)) return undefined;
    throw error;
  }
}
