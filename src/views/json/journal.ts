import { knownCounts, openSends, type JournalState } from "../../core/journal-state.ts";
import type { JsonObject } from "../../core/json.ts";
import { object, targetJson } from "./parts.ts";

/** A journal, added up: its header, every send with what came of it, what is known. */
export function journalJson(state: JournalState): JsonObject {
  const { header, end } = state;
  const open = new Set(openSends(state));
  return object({
    format: header.format,
    apply: header.apply,
    plan: { ...header.plan },
    target: targetJson(header.target),
    startedAt: header.startedAt,
    resumedAt: [...state.resumedAt],
    endedAt: end?.at,
    supersededBy: end?.supersededBy,
    sends: [...state.sends.values()].map((send) =>
      object({
        batch: send.batch,
        sentAt: send.sentAt,
        resource: send.resource,
        call: send.call,
        repeat: send.repeat,
        attempt: send.attempt,
        changes: [...send.changes],
        ending: send.ending,
        open: open.has(send),
      }),
    ),
    known: { ...knownCounts(state) },
  });
}
