import { shortInstant } from "../../core/instant.ts";
import type { QueueItemDraft } from "./payload.ts";

/** `High, due 2026-12-05 17:00Z, not before 2026-12-01 08:00Z` */
export function describeItem(item: Pick<QueueItemDraft, "priority" | "dueDate" | "deferDate">): string {
  return [
    item.priority,
    ...(item.dueDate == null ? [] : [`due ${shortInstant(item.dueDate)}`]),
    ...(item.deferDate == null ? [] : [`not before ${shortInstant(item.deferDate)}`]),
  ].join(", ");
}
