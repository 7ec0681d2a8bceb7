import { sameName } from "../../core/fold.ts";
import { isRecord } from "../../core/json.ts";
import type { LiveEntryPoint, LiveProcess, ProcessArgument } from "../../kinds/job/live.ts";
import type { Missing } from "../../kinds/live.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { queryString } from "../odata/query.ts";
import { miss } from "./names.ts";
import { text } from "./row.ts";

/**
 * An entry point of the package that a process runs, with what it declares. The path is in no document; the server's own
 * tools and others call it (field reports). Undefined where the server does not tell: a start must not hang on it.
 */
export async function readEntryPoint(
  client: OrchestratorClient,
  folder: number,
  { package: key, version, feed }: LiveProcess,
  wanted: string,
  signal: AbortSignal,
): Promise<LiveEntryPoint | Missing | undefined> {
  if (key === undefined || version === "") return undefined;
  const literal = encodeURIComponent(`'${`${key}:${version}`.replaceAll("'", "''")}'`);
  const path = `/odata/Processes/UiPath.Server.Configuration.OData.GetPackageEntryPointsV2(key=${literal})`;
  const query = feed === undefined ? queryString({}) : `feedId=${encodeURIComponent(feed)}`;
  try {
    const points = pointsOf(await client.get(path, { query, folder, signal }));
    if (points.length === 0) return undefined;
    return (
      points.find((point) => sameName(point.path, wanted)) ??
      miss(
        wanted,
        points.map((point) => point.path),
      )
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

function pointsOf(body: unknown): LiveEntryPoint[] {
  const value = isRecord(body) ? body["value"] : undefined;
  return (Array.isArray(value) ? value : []).flatMap((row: unknown): LiveEntryPoint[] => {
    const path = isRecord(row) ? text(row, "Path") : null;
    if (!isRecord(row) || path === null || path === "") return [];
    const inputs = inputsOf(text(row, "InputArguments"));
    return [inputs === undefined ? { path } : { path, inputs }];
  });
}

/** A JSON schema in a string, of an object with a property for each argument. */
function inputsOf(json: string | null): ProcessArgument[] | undefined {
  const schema = parsed(json);
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  if (!isRecord(schema) || !isRecord(properties)) return undefined;
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: isRecord(property) ? (typeNames[text(property, "type") ?? ""] ?? "System.Object") : "System.Object",
    required: required.includes(name),
    hasDefault: isRecord(property) && property["default"] !== undefined,
  }));
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : JSON.parse(json);
  } catch {
    return undefined; // nothing is known then, and nothing is judged
  }
}

/** What JSON schema says of a value, as a process would declare it. */
const typeNames: Readonly<Record<string, string>> = {
  string: "System.String",
  boolean: "System.Boolean",
  integer: "System.Int64",
  number: "System.Double",
  array: "System.Object[]",
  object: "System.Collections.Generic.Dictionary`2[[System.String],[System.Object]]",
};
