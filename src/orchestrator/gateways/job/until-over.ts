import type { PlanFolder } from "../../../core/plan.ts";
import { describeRun } from "../../../kinds/job/describe.ts";
import type { LiveJob } from "../../../kinds/job/live.ts";
import { isFinal } from "../../../kinds/job/run-state.ts";
import type { TenantReader } from "../../read/tenant.ts";
import type { Follow } from "../port.ts";

/** Stays with jobs until all of them are over. They are looked at by id: lists have a quota (rate limits, API guide). */
export function untilOver(ids: readonly number[], folder: PlanFolder, reader: TenantReader, timeout: number): Follow {
  const over = new Set<number>();
  return {
    timeout,
    look: async (signal) => {
      const open: LiveJob[] = [];
      for (const id of ids) {
        const job = over.has(id) ? undefined : await reader.jobs.byId(folder.id, id, signal);
        if (job === undefined || isFinal(job.state)) over.add(id);
        else open.push(job);
      }
      if (open.length === 0) return { type: "ended", ending: { status: "already-done" } };
      return { type: "running", text: `waiting for ${describeRun(open)}` };
    },
  };
}
