import type { PlanFolder } from "../../core/plan.ts";
import { nameListing, type Pager } from "./pages.ts";
import { text } from "./row.ts";

/**
 * All folders that the account sees. One list answers for every path of a run and for "did you mean"; a filter by
 * `FullyQualifiedName` is not proven for any version. Ids can change with the licence plan, keys stay (forum).
 */
export async function readFolders(pager: Pager, signal: AbortSignal): Promise<PlanFolder[]> {
  const rows = await pager.all(nameListing("/odata/Folders", signal));
  return rows.map((row) => ({
    id: row.Id,
    key: (text(row, "Key") ?? "").toLowerCase(),
    path: text(row, "FullyQualifiedName") ?? text(row, "DisplayName") ?? "",
    // Manual robot provisioning is what classic folders have, automatic what modern ones have (OpenAPI 16.0).
    type: text(row, "ProvisionType") === "Manual" ? "classic" : "modern",
  }));
}
