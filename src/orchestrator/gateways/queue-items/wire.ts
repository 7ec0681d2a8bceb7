import { revealed } from "../../../core/secret.ts";
import type { Sent } from "../../../kinds/capabilities.ts";
import type { Content } from "../../../kinds/queue-items/spec.ts";
import type { QueueItemDraft, QueueItemState, QueueItemsSettings } from "../../../kinds/queue-items/payload.ts";
import { resolveRelative } from "../../../core/relative-time.ts";
import { text, type Row } from "../../read/row.ts";
import type { Sending } from "../port.ts";

/**
 * An item as bodies carry it; secrets in it are revealed by the client, and whoever sends it leaves out what the
 * server's version lacks.
 */
export type ItemData = Sent<"QueueItemDataDto">;

/**
 * What a create sends, without the queue's name. A date that is null is left out: that is what the API calls none; a
 * relative one counts from when the plan was made.
 */
export function newItem(
  draft: QueueItemDraft,
  { typeHints }: Pick<QueueItemsSettings, "typeHints">,
  plannedAt: Date,
): ItemData {
  const date = (wanted: string | null | undefined): string | undefined =>
    wanted == null ? undefined : resolveRelative(wanted, plannedAt);
  return {
    Reference: draft.reference,
    Priority: draft.priority,
    ...filled("DeferDate", date(draft.deferDate)),
    ...filled("DueDate", date(draft.dueDate)),
    ...filled("RiskSlaDate", date(draft.riskSlaDate)),
    ...filled("SpecificContent", contentOf(draft.content, typeHints)),
  };
}

/** Says which apply has added an item, and in which batch: two copies with the same apply's mark are both its own. */
export function mark(applyId: string | undefined, sending: Pick<Sending, "batch"> | undefined): ItemData {
  return applyId === undefined || sending === undefined
    ? {}
    : { ParentOperationId: `${markOf(applyId)}${sending.batch}` };
}

/** What the marks of one apply begin with. */
export function markOf(applyId: string): string {
  return `orch-sync/${applyId}/`;
}

/**
 * What an update sends: a PUT replaces all of Progress, Priority, dates and content, so whatever stays is sent as it
 * was just read (OpenAPI 16.0; API guide, queue items requests).
 */
export function replacedItem(
  row: Row,
  live: Content | undefined,
  after: QueueItemState,
  settings: QueueItemsSettings,
): ItemData {
  const kept = { DeferDate: text(row, "DeferDate"), DueDate: text(row, "DueDate"), Progress: text(row, "Progress") };
  return {
    Name: settings.queueName,
    Priority: after.priority ?? text(row, "Priority") ?? "Normal",
    ...filled("Reference", text(row, "Reference")),
    ...filled("DeferDate", after.deferDate === undefined ? kept.DeferDate : after.deferDate),
    ...filled("DueDate", after.dueDate === undefined ? kept.DueDate : after.dueDate),
    ...filled("RiskSlaDate", text(row, "RiskSlaDate")),
    ...filled("Progress", after.progress === undefined ? kept.Progress : after.progress),
    ...filled("SpecificContent", contentOf(after.content ?? live, settings.typeHints)),
  };
}

/** Type hints for text only: `"Name@odata.type": "#String"` (Transactions requests, 2023.4). */
function contentOf(content: Content | undefined, typeHints: boolean): Content | undefined {
  if (content === undefined || !typeHints) return content;
  const typed: Record<string, Content[string]> = {};
  for (const [name, value] of Object.entries(content)) {
    typed[name] = value;
    if (typeof revealed(value) === "string") typed[`${name}@odata.type`] = "#String";
  }
  return typed;
}

function filled(name: keyof ItemData, value: unknown): ItemData {
  return value === undefined || value === null ? {} : { [name]: value };
}
