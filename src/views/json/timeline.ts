import type { JsonObject } from "../../core/json.ts";
import type { Lane, Timeline } from "../../core/timeline.ts";
import { keyJson, object } from "./parts.ts";

/** The timeline of a report, as `schemas/report.schema.json` describes it. */
export function timelineJson({ slotMs, pauses, lanes }: Timeline): JsonObject {
  return {
    slotMs,
    pauses: pauses.map(({ reason, fromMs, toMs, times }) => ({ reason, fromMs, toMs, times })),
    lanes: lanes.map(laneJson),
  };
}

function laneJson({ key, waitedMs, beganMs, endedMs, open, ends, steps, stepsLeft }: Lane): JsonObject {
  return object({
    key: keyJson(key),
    waitedMs,
    beganMs,
    endedMs,
    open: open.map(({ fromMs, toMs, times }) => ({ fromMs, toMs, times })),
    ends: ends.map(({ slot, done, failed, skipped, unknown }) => ({ slot, done, failed, skipped, unknown })),
    steps: steps.map(({ atMs, text }) => ({ atMs, text })),
    stepsLeft,
  });
}
