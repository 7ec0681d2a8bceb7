import { join } from "node:path";
import type { ResolvedTarget } from "../config/config.ts";
import { ManifestError, OrchSyncError, PlanRefusedError, UsageError } from "../core/errors.ts";
import type { Plan } from "../core/plan.ts";
import { cleanLine } from "../core/text.ts";
import { planFileOf, resumeJournal, type Journal } from "../workflow/apply/journal.ts";
import { applyToResume, type EarlierApply } from "../workflow/apply/journals.ts";
import { readPlan } from "../workflow/files/read-plan.ts";
import { withSecretsOfPlan } from "../workflow/saved/with-secrets.ts";
import type { Io } from "./io.ts";
import { journalPlace, type JournalPlace } from "./journal.ts";
import { readTarget } from "./look.ts";
import type { TenantOptions } from "./options.ts";
import { shardOfOption, shareOfTarget } from "./shard.ts";

/** An apply that was cut off: its plan, and what its journal says. */
export interface Resumed {
  readonly plan: Plan;
  readonly target: ResolvedTarget;
  readonly home: string;
  readonly place: JournalPlace;
  readonly apply: EarlierApply;
}

/** What the journal's plan already says. */
const said = ["select", "exclude", "overlay"] as const;

/**
 * Finds the apply that `--resume` carries on; undefined without it.
 * @throws UsageError where something else says what to apply, OrchSyncError when there is none, PlanRefusedError when
 * its plan is not the one that the journal names.
 */
export async function openResumed(
  paths: readonly string[],
  options: TenantOptions & { readonly resume?: boolean },
  io: Io,
): Promise<Resumed | undefined> {
  if (options.resume !== true) return undefined;
  const other = said.find((each) => options[each].length > 0);
  const what = paths.length > 0 ? "PATH" : other && `--${other}`;
  if (what !== undefined)
    throw new UsageError(`${what} and --resume exclude each other: a plan is carried on as it is`);
  const { target, home, env } = await readTarget(options, io);
  const place = journalPlace(target, home, io);
  if (place === undefined) {
    throw new UsageError(`the target ${cleanLine(target.name)} is gone with each process: there is nothing to resume`);
  }
  const apply = await applyToResume(place.folder, place.name, shardOfOption(options.shard, io));
  const { plan: planned, target: of } = apply.state.header;
  const file = planFileOf(apply.applyId);
  const saved = await readPlan(join(place.path, file), `${place.name}/${file}`);
  if (saved.sha256 !== (planned.fileSha256 ?? planned.sha256) || saved.target.url !== of.url) {
    throw new PlanRefusedError(`the plan beside the journal ${apply.applyId} is another than the journal's`, {
      hint: "apply without --resume plans anew, and looks first",
    });
  }
  const { plan, diagnostics } = withSecretsOfPlan(saved, { env, variables: target.variables });
  if (diagnostics.length > 0) throw new ManifestError("secrets of the plan are not set", diagnostics);
  const own = shareOfTarget(target, plan.target.shard);
  return { plan: { ...plan, id: planned.id, sha256: planned.sha256 }, target: own, home, place, apply };
}

/** The journal, to be written on. @throws PlanRefusedError for another target, OrchSyncError when it is held. */
export async function takeUp(resumed: Resumed, planUrl: string, io: Io): Promise<Journal> {
  const { plan, place, apply } = resumed;
  const { applyId, state } = apply;
  if (state.header.target.url !== planUrl) {
    throw new PlanRefusedError(`the apply ${applyId} was of ${cleanLine(state.header.target.url)}, not of ${planUrl}`, {
      hint: "name the target that it was made for with --target",
    });
  }
  const journal = await resumeJournal({ folder: place.folder, clock: io.clock, plan, applyId }, state);
  if (journal === undefined) throw new OrchSyncError(`the apply ${applyId} is being carried on by another process`);
  const open = apply.open.length;
  const writes = open === 1 ? "1 write is" : `${open.toLocaleString("en")} writes are`;
  io.stderr.write(`Resuming the apply ${applyId}: ${writes} open and looked at first.\n`);
  return journal;
}
