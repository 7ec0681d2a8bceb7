import { isRecord } from "../../core/json.ts";
import type { LiveProcess, ProcessArgument } from "../../kinds/job/live.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { queryString } from "../odata/query.ts";
import { nameListing, type Pager } from "./pages.ts";
import { rowsOf, text, type Row } from "./row.ts";

/** The processes of a folder; the API calls them releases. */
export async function readProcesses(pager: Pager, folder: number, signal: AbortSignal): Promise<LiveProcess[]> {
  const rows = await pager.all(nameListing("/odata/Releases", signal, folder));
  return rows.map(toProcess);
}

/** Only for a reason in a plan: a server that does not tell is no failure. */
export async function readVersion(
  client: OrchestratorClient,
  folder: number,
  process: number,
  version: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const query = queryString({ expand: "ReleaseVersions" });
    const body = await client.get(`/odata/Releases(${process})`, { query, folder, signal });
    const versions = isRecord(body) ? rowsOf({ value: body["ReleaseVersions"] }) : [];
    const found = versions.find(({ Id }) => Id === version);
    return found === undefined ? undefined : (text(found, "VersionNumber") ?? undefined);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

function toProcess(row: Row): LiveProcess {
  const declared = row["Arguments"];
  const inputs = isRecord(declared) ? parsed(text(declared, "Input")) : undefined;
  const defaults = parsed(text(row, "InputArguments"));
  return {
    id: row.Id,
    key: text(row, "Key") ?? "",
    name: text(row, "Name") ?? "",
    version: text(row, "ProcessVersion") ?? "",
    ...optional("package", text(row, "ProcessKey")),
    ...optional("feed", text(row, "FeedId")),
    ...(Array.isArray(inputs) && inputs.every(isDeclared) ? { inputs: inputs.map(toArgument) } : {}),
    ...(isRecord(defaults) ? { defaults: Object.keys(defaults) } : {}),
  };
}

function optional<Name extends string>(name: Name, value: string | null): { readonly [key in Name]?: string } {
  return (value === null || value === "" ? {} : { [name]: value }) as { readonly [key in Name]?: string };
}

/** JSON in a string, which is how the API has both declarations and defaults (field report). */
function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : JSON.parse(json);
  } catch {
    return undefined; // nothing is known then, and nothing is judged
  }
}

/** `required` and `hasDefault` are not in every answer; without them nothing is required. */
function isDeclared(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && typeof value["name"] === "string" && typeof value["type"] === "string";
}

function toArgument(value: Readonly<Record<string, unknown>>): ProcessArgument {
  return {
    name: text(value, "name") ?? "",
    type: text(value, "type") ?? "",
    required: value["required"] === true,
    hasDefault: value["hasDefault"] === true,
  };
}
