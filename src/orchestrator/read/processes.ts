import type { LiveProcess } from "../../kinds/job/live.ts";
import { nameListing, type Pager } from "./pages.ts";
import { text } from "./row.ts";

/** The processes of a folder; the API calls them releases. */
export async function readProcesses(pager: Pager, folder: number, signal: AbortSignal): Promise<LiveProcess[]> {
  const rows = await pager.all(nameListing("/odata/Releases", signal, folder));
  return rows.map((row) => ({
    id: row.Id,
    key: text(row, "Key") ?? "",
    name: text(row, "Name") ?? "",
    version: text(row, "ProcessVersion") ?? "",
  }));
}
