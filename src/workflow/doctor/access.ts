import { ApiError, AuthError } from "../../core/errors.ts";
import type { PlanFolder } from "../../core/plan.ts";
import { queryString } from "../../orchestrator/odata/query.ts";
import type { Examined } from "./examined.ts";

/** Permissions by Orchestrator's names; undefined where the server does not tell. */
export type Access = ReadonlyMap<string, boolean | undefined>;

/** Reads that need a permission which nothing else can show as surely: each once those before it were allowed. */
const reads: readonly { readonly permission: string; readonly path: string; readonly after?: string }[] = [
  { permission: "Queues.View", path: "/odata/QueueDefinitions" },
  { permission: "Transactions.View", path: "/odata/QueueItems", after: "Queues.View" },
  {
    permission: "Transactions.Edit",
    path: "/odata/QueueItems/UiPath.Server.Configuration.OData.GetReviewers()",
    after: "Queues.View",
  },
  { permission: "Processes.View", path: "/odata/Releases" },
  { permission: "Jobs.View", path: "/odata/Jobs" },
];

/** Finds out which of these permissions the account has in a folder, by reading alone. */
export async function readAccess(
  folder: PlanFolder,
  names: readonly string[],
  { reader, signal }: Examined,
): Promise<Access> {
  const access = new Map<string, boolean | undefined>();
  for (const { permission, path, after } of reads) {
    const isAsked = names.includes(permission) && (after === undefined || access.get(after) === true);
    if (isAsked) access.set(permission, await mayRead(path));
  }
  const rest = names.filter((name) => access.get(name) === undefined);
  for (const [name, held] of await reader.permissions(folder, rest, signal)) access.set(name, held);
  return access;

  async function mayRead(path: string): Promise<boolean | undefined> {
    try {
      await reader.client.get(path, { query: queryString({ top: 1 }), folder: folder.id, signal });
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.fault.status === 403) return false;
      if (error instanceof ApiError && error.fault.status === 404) return undefined; // not in this version
      throw error;
    }
  }
}
