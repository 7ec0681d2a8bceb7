import type { Change } from "../../../core/change.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { PlanFolder } from "../../../core/plan.ts";
import type { JobSettings, JobStart } from "../../../kinds/job/payload.ts";
import { completeRunKey } from "../../../kinds/job/run-key.ts";
import type { ApplyRun, Verified } from "../port.ts";

/** Whether there are as many jobs of a run as were meant. What is too much is told, never stopped: it may be at work. */
export async function verifyStarts(
  endings: ReadonlyMap<Change, Ending>,
  folder: PlanFolder,
  { process, expected }: JobSettings,
  { reader, planSha256 }: ApplyRun,
  signal: AbortSignal,
): Promise<Verified> {
  const told = new Map<Change, Ending>();
  for (const [change, ending] of endings) {
    if (change.action !== "start" || reader.jobs.dropsRunKeys) continue;
    const key = completeRunKey((change.after as JobStart).runKey, planSha256);
    const ids = (await reader.jobs.byRunKey(folder, process, key, signal)).map(({ id }) => id);
    const meant = expected ?? ending.ids?.length ?? 1;
    if (ids.length <= meant) continue;
    const note = `${ids.length} jobs carry the run key ${key}, and ${meant} was meant: ids ${ids.join(", ")}; none was stopped`;
    told.set(change, { status: "failed", ids, note });
  }
  return { endings: told };
}
