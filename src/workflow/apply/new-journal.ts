import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { DurableFolder } from "../../core/durable.ts";
import { planLines, seal } from "../../core/plan-file.ts";
import type { Plan } from "../../core/plan.ts";
import { inChunks } from "../files/plan-file.ts";
import { version } from "../version.ts";
import { beginJournal, newApplyId, type Journal } from "./journal.ts";

/**
 * A new journal with its plan beside it. `isWhole`: the plan is as it was made; of a saved one only what was left to do may
 * be in it, and the file beside the journal gets a digest of its own. Rejects with a system error when it cannot be written.
 */
export async function newJournal(
  folder: DurableFolder,
  plan: Plan,
  settle: number,
  isWhole: boolean,
  clock: Clock,
): Promise<Journal> {
  const applyId = newApplyId(clock.now(), randomBytes(6).toString("hex"));
  const kept = isWhole ? plan : seal(plan);
  const planFile = inChunks(planLines(kept));
  const digest = kept.sha256 === plan.sha256 ? {} : { fileSha256: kept.sha256 };
  return beginJournal({ folder, clock, plan, settle, toolVersion: version, applyId, planFile, ...digest });
}
