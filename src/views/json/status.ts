import { statusFormat } from "../../core/formats.ts";
import type { JsonObject } from "../../core/json.ts";
import type { TenantStatus } from "../../core/tenant-status.ts";
import { keyJson, object } from "./parts.ts";

/** The status as `schemas/status.schema.json` describes it. */
export function statusJson({ target, at, since, queues, processes, manifests }: TenantStatus): JsonObject {
  return object({
    format: statusFormat,
    target: { ...target },
    at,
    since,
    queues: queues.map((queue) => ({ ...queue })),
    processes: processes.map(({ folder, name, jobs }) => ({ folder, name, jobs: { ...jobs } })),
    manifests: manifests?.map(({ key, state, summary }) => ({ key: keyJson(key), state, summary: { ...summary } })),
  });
}
