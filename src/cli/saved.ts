import { resolve } from "node:path";
import type { ResolvedTarget } from "../config/config.ts";
import { UsageError } from "../core/errors.ts";
import type { Event } from "../core/events.ts";
import type { Plan } from "../core/plan.ts";
import { fullKey } from "../core/resource.ts";
import { cleanLine } from "../core/text.ts";
import { readPlan } from "../workflow/files/read-plan.ts";
import { stamped } from "../workflow/emit.ts";
import { planAgain, type PlannedAgain } from "../workflow/saved/plan-again.ts";
import type { Conflict } from "../workflow/saved/compare.ts";
import type { Io } from "./io.ts";
import { readTarget } from "./look.ts";
import type { TenantOptions } from "./options.ts";
import { shareOfTarget } from "./shard.ts";
import type { OpenTarget } from "./target.ts";

/** What a saved plan already says: with it these would be about another plan. */
const said = ["select", "exclude", "var", "varFile", "overlay", "rerun", "assume", "resume", "shard"] as const;

interface SavedOptions extends TenantOptions {
  readonly plan?: string;
  readonly maxAge?: number;
}

/** A saved plan, and the target of the configuration. */
export interface Saved {
  readonly plan: Plan;
  readonly target: ResolvedTarget;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `.orch-sync/` is in. */
  readonly home: string;
}

/**
 * Reads what `--plan` names, checked to the last byte; undefined without it.
 * @throws UsageError where something else says what to apply, PlanRefusedError for a file that is not as it was saved.
 */
export async function openSaved(paths: readonly string[], options: SavedOptions, io: Io): Promise<Saved | undefined> {
  const name = options.plan;
  if (name === undefined) {
    if (options.maxAge !== undefined) throw new UsageError("--max-age is about a saved plan: --plan is missing");
    return undefined;
  }
  const given: Readonly<Record<string, unknown>> = { ...options };
  const other = said.find((each) => (Array.isArray(given[each]) ? given[each].length > 0 : given[each] !== undefined));
  const what = paths.length > 0 ? "PATH" : other && `--${other === "varFile" ? "var-file" : other}`;
  if (what !== undefined) {
    throw new UsageError(`${what} and --plan exclude each other: a saved plan is carried out as it was reviewed`);
  }
  const plan = await readPlan(resolve(io.cwd, name), name);
  const { target, env, home } = await readTarget(options, io);
  return { plan, target: shareOfTarget(target, plan.target.shard), env, home };
}

/** Plans a saved plan again, at the open target. */
export async function planSavedAgain(session: {
  readonly saved: Saved;
  readonly target: OpenTarget;
  readonly options: SavedOptions;
  readonly io: Io;
  readonly receive: (event: Event) => void;
  readonly signal: AbortSignal;
}): Promise<PlannedAgain> {
  const { saved, target, options, io, receive, signal } = session;
  const { guards, name, variables } = saved.target;
  return planAgain({
    saved: saved.plan,
    target: { name, url: target.planUrl },
    values: { env: saved.env, variables },
    ...(guards === undefined ? {} : { guards }),
    ...(options.maxAge === undefined ? {} : { maxAge: options.maxAge }),
    forced: options.force,
    reader: target.reader,
    parallelism: options.parallelism,
    emit: stamped(io.clock, receive),
    signal,
  });
}

/** Every conflict in a line: what cannot be done as it was reviewed, and why. */
export function conflictLines(conflicts: readonly Conflict[]): string {
  return conflicts.map(({ key, text }) => `conflict ${cleanLine(fullKey(key))}: ${cleanLine(text)}\n`).join("");
}
