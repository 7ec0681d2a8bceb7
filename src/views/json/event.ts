import type { Event } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import { keyJson, object } from "./parts.ts";
import { outcomeJson } from "./report.ts";

/** An event as `schemas/events.schema.json` describes it. */
export function eventJson(event: Event): JsonObject {
  const { at, type } = event;
  switch (type) {
    case "reading":
      return { at, type, key: keyJson(event.key), title: event.title };
    case "apply-started":
      return { at, type, planId: event.planId, pending: event.pending };
    case "resource-waiting":
      return { at, type, key: keyJson(event.key), on: event.on.map((key) => keyJson(key)) };
    case "resource-started":
      return { at, type, key: keyJson(event.key), text: event.text, total: event.total };
    case "progress":
      return { at, type, key: keyJson(event.key), text: event.text, done: event.done, total: event.total };
    case "step":
    case "halted":
      return { at, type, key: keyJson(event.key), text: event.text };
    case "settling":
      return { at, type, key: keyJson(event.key), call: event.call, until: event.until };
    case "outcome":
      return { at, type, outcome: outcomeJson(event.outcome) };
    case "resource-ended":
      return {
        at,
        type,
        key: keyJson(event.key),
        text: event.text,
        counts: { ...event.counts },
        left: event.left,
        durationMs: event.durationMs,
        calls: event.calls,
      };
    case "waiting": {
      const { until, reason } = event;
      const status = "status" in event ? event.status : undefined;
      const broken = "broken" in event ? event.broken : undefined;
      return object({
        at,
        type,
        until,
        reason,
        status,
        broken,
        perMinute: reason === "quota" ? event.perMinute : undefined,
        holder: reason === "lease" ? event.holder : undefined,
      });
    }
    case "waited":
      return { at, type };
    case "lease":
    case "interrupted":
      return { at, type, text: event.text };
  }
}
