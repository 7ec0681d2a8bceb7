import type { Diagnostic } from "../../core/diagnostic.ts";
import { longestTimer, readDuration } from "../../core/duration.ts";
import type { Locate } from "../../core/locate.ts";
import type { StoppedJobsManifest } from "../generated/stopped-jobs.ts";
import { utc, type Normalized } from "../normalized.ts";
import type { StoppedJobsSpec } from "./spec.ts";

type RawSpec = StoppedJobsManifest["spec"];

/** A hundred years: subtracting more would leave the dates that exist. */
const longestAge = 100 * 365 * 86_400_000;

/** Fills in defaults; the duration becomes milliseconds, the date UTC. */
export function normalizeStoppedJobs(raw: RawSpec, at: Locate): Normalized<StoppedJobsSpec> {
  const { process, ids, reference, states, createdBefore, runningFor } = raw.select;
  const age = runningFor === undefined ? undefined : milliseconds(runningFor);
  const spec: StoppedJobsSpec = {
    select: {
      ...(process === undefined ? {} : { process }),
      ...(ids === undefined ? {} : { ids }),
      ...(reference === undefined ? {} : { reference }),
      states: states ?? ["Pending", "Running", "Resumed"],
      ...(createdBefore === undefined ? {} : { createdBefore: utc(createdBefore) }),
      ...(age === undefined ? {} : { runningFor: age }),
    },
    strategy: raw.strategy ?? "SoftStop",
    ...(raw.escalateAfter === undefined ? {} : { escalateAfter: milliseconds(raw.escalateAfter) }),
  };
  const tooOld = age !== undefined && age > longestAge ? [tooLong(runningFor ?? "", at)] : [];
  return { spec, diagnostics: [...tooOld, ...escalationProblems(spec, raw, at)] };
}

function milliseconds(text: string): number {
  return readDuration(text) ?? Number.POSITIVE_INFINITY;
}

function escalationProblems({ strategy, escalateAfter = 0 }: StoppedJobsSpec, raw: RawSpec, at: Locate): Diagnostic[] {
  if (escalateAfter === 0) return [];
  const problem = { code: "SJ002", severity: "error", source: at(["escalateAfter"]) } as const;
  const late = `escalateAfter is ${raw.escalateAfter ?? ""}, at most 24d are allowed`;
  if (escalateAfter > longestTimer) return [{ ...problem, message: late }];
  return strategy === "Kill" ? [{ ...problem, message: "strategy Kill leaves nothing to escalate to" }] : [];
}

/** True when the selection catches every job of its process, whenever it was started: also those of tomorrow. */
export function isOpenEnded({ select }: StoppedJobsSpec): boolean {
  const { process, ids, reference, createdBefore, runningFor } = select;
  return process !== undefined && [ids, reference, createdBefore, runningFor].every((limit) => limit === undefined);
}

function tooLong(runningFor: string, at: Locate): Diagnostic {
  const message = `select.runningFor is ${runningFor}, at most 36500d are allowed`;
  return { code: "SJ001", severity: "error", message, source: at(["select", "runningFor"]) };
}
