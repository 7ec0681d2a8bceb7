import type { JsonObject } from "../../core/json.ts";
import type { Plan, PlannedResource } from "../../core/plan.ts";
import type { ApplyReport } from "../../core/report.ts";
import { fullKey, keyIdentity, type ResourceKey } from "../../core/resource.ts";
import type { JobRun } from "../../kinds/job/payload.ts";
import { outputsOf } from "../../orchestrator/jobs/outputs.ts";
import type { TenantReader } from "../../orchestrator/read/tenant.ts";

/**
 * The jobs of each `Job` manifest with their output arguments, for the next step of a pipeline: those of runs that were
 * in line already, too, so that a repeated apply hands on the same. Each job is read by its id.
 */
export async function readOutputs(
  plan: Plan,
  report: ApplyReport,
  reader: TenantReader,
  signal: AbortSignal,
): Promise<JsonObject> {
  const started = new Map(
    report.outcomes.filter(({ action }) => action !== "stop").map(({ key, ids }) => [keyIdentity(key), ids ?? []]),
  );
  const found: Record<string, JsonObject[]> = {};
  for (const resource of plan.resources.filter(({ key }) => key.kind === "Job")) {
    const ids = started.get(keyIdentity(resource.key)) ?? inLine(resource);
    found[fullKey(resource.key)] = await jobsOf(ids, resource, reader, signal);
  }
  return found;
}

function inLine({ changes }: PlannedResource): readonly number[] {
  const run = Iterator.from(changes).find(({ action }) => action === "no-op");
  const { before } = (run ?? {}) as { readonly before?: JobRun };
  return before?.jobIds ?? [];
}

async function jobsOf(
  ids: readonly number[],
  { folder }: { readonly key: ResourceKey; readonly folder?: PlannedResource["folder"] },
  reader: TenantReader,
  signal: AbortSignal,
): Promise<JsonObject[]> {
  const jobs: JsonObject[] = [];
  for (const id of folder === undefined ? [] : ids) {
    const job = await reader.jobs.byId(folder?.id ?? 0, id, signal);
    if (job !== undefined) jobs.push({ id, state: job.state, outputs: outputsOf(job, reader.client) ?? {} });
  }
  return jobs;
}
