import { createHash } from "node:crypto";
import { canonicalJson } from "../../core/json.ts";
import type { LiveProcess } from "./live.ts";
import type { JobSpec } from "./spec.ts";

/**
 * What makes a start unique: sent as the job's `Reference`, looked for before every start. `NAME@once`, `NAME@HASH`
 * for `onChange`, `NAME@` for `always` (the apply completes it with 12 hex of the plan's digest).
 * The format is frozen for `orch-sync/v1`; golden values hold it.
 */
export function runKey(name: string, spec: JobSpec, process: Pick<LiveProcess, "key" | "version">): string {
  switch (spec.run) {
    case "once":
    case "never":
      return `${name}@once`;
    case "onChange":
      return `${name}@${inputsHash(spec, process)}`;
    case "always":
      return `${name}@`;
  }
}

/** The key of attempt 1, 2, 3 … under a run key: `K`, `K#2`, `K#3`. */
export function attemptKey(key: string, attempt: number): string {
  return attempt === 1 ? key : `${key}#${attempt}`;
}

/** Which attempt a key is of: 1 for `K`, 3 for `K#3`. */
export function attemptOf(key: string): number {
  return Number(/#(\d+)$/.exec(key)?.[1] ?? 1);
}

/** The key of the attempt so many after that of a key: `K#3` is one after `K#2`. */
export function laterKey(key: string, more: number): string {
  return more === 0 ? key : attemptKey(key.replace(/#\d+$/, ""), attemptOf(key) + more);
}

/** Completes the key of `run: always`: one plan applied twice is one run, two plans are two. */
export function completeRunKey(key: string, planSha256: string): string {
  return key.endsWith("@") ? `${key}${planSha256.slice(0, 12)}` : key;
}

/** True for any run of this resource, whatever its inputs. */
export function isRunOf(name: string, reference: string | null): boolean {
  return reference?.startsWith(`${name}@`) ?? false;
}

/** 12 hex of SHA-256 over canonical JSON of whatever counts as an input. Members that are not set are left out. */
function inputsHash(spec: JobSpec, process: Pick<LiveProcess, "key" | "version">): string {
  const { strategy, inputArguments, rerunOn } = spec;
  const values = { ...rerunOn.values, ...(rerunOn.processVersion ? { processVersion: process.version } : {}) };
  const inputs = {
    releaseKey: process.key.toLowerCase(),
    inputArguments,
    strategy: strategy.type === "Specific" ? { ...strategy, robots: strategy.robots.toSorted() } : strategy,
    runtimeType: spec.runtimeType,
    entryPoint: spec.entryPoint,
    environmentVariables: spec.environmentVariables,
    machines: spec.machines,
    runAsMe: spec.runAsMe,
    rerunOn: Object.keys(values).length > 0 ? values : undefined,
  };
  return createHash("sha256").update(canonicalJson(inputs)).digest("hex").slice(0, 12);
}
