import type { Diagnostic } from "../core/diagnostic.ts";
import { longestTimer, readDuration } from "../core/duration.ts";
import type { Locate, Path } from "../core/locate.ts";
import { timingFor, type Timing } from "./config.ts";
import type { TargetTiming } from "./generated/config.ts";

/** Undefined `url`: of an embedded target. */
export function timingOf(raw: TargetTiming, url: string | undefined): Timing {
  const defaults = timingFor(url);
  const perMinute = raw.listCallsPerMinute;
  return {
    ...defaults,
    request: readDuration(raw.request ?? "") ?? defaults.request,
    settle: readDuration(raw.settle ?? "") ?? defaults.settle,
    poll: readDuration(raw.poll ?? "") ?? defaults.poll,
    ...(perMinute === undefined ? {} : { listCallsPerMinute: perMinute }),
  };
}

/** Times that no timer can wait. */
export function timingProblems(raw: TargetTiming, path: Path, at: Locate): Diagnostic[] {
  return (["request", "settle", "poll"] as const).flatMap((key): Diagnostic[] => {
    const text = raw[key];
    if (text === undefined || (readDuration(text) ?? Number.POSITIVE_INFINITY) <= longestTimer) return [];
    const message = `timing.${key} is ${text}, at most 24d are allowed`;
    return [{ code: "CF008", severity: "error", message, source: at([...path, "timing", key]) }];
  });
}
