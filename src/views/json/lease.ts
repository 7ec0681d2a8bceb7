import { leaseFormat } from "../../core/formats.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LeaseStatus } from "../../core/lease-status.ts";
import { object } from "./parts.ts";

/** A lease as `schemas/lease.schema.json` describes it; `ended`: it was, after this was seen. */
export function leaseJson(status: LeaseStatus, ended: boolean): JsonObject {
  const { name, queue, folder, state, item, why, holder } = status;
  return object({
    format: leaseFormat,
    name,
    queue,
    folder,
    state,
    item,
    why,
    holder: holder && object({ ...holder }),
    ended,
  });
}
