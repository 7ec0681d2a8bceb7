import type { Change } from "../../../core/change.ts";
import { sameValue } from "../../../core/field-diff.ts";
import { SecretValue } from "../../../core/secret.ts";
import { isUntouched } from "../../../kinds/queue-items/reconcile.ts";
import type { Content } from "../../../kinds/queue-items/spec.ts";
import type { LiveQueueItem } from "../../../kinds/queue-items/live.ts";
import type { QueueItemDraft, QueueItemState } from "../../../kinds/queue-items/payload.ts";

/** The changes of a `QueueItems` resource, by what they do. */
type Create = Extract<Change, { readonly action: "create" }>;
type Update = Extract<Change, { readonly action: "update" | "assign" }>;
type Delete = Extract<Change, { readonly action: "delete" | "stop" }>;

export function draftOf(change: Change): QueueItemDraft {
  return (change as Create).after as QueueItemDraft;
}

export function beforeOf(change: Change): QueueItemState {
  return (change as Delete).before as QueueItemState;
}

export function afterOf(change: Change): QueueItemState {
  return (change as Update).after as QueueItemState;
}

const fields = ["priority", "deferDate", "dueDate", "progress", "content"] as const;

/** The first field in which a row differs from what is wanted; what either side does not know is not compared. */
export function difference(item: LiveQueueItem, wanted: QueueItemState): string | undefined {
  return fields.find((field) => {
    const [is, should] = [item[field], wanted[field]];
    return is !== undefined && should !== undefined && !sameValue(is, should);
  });
}

/** True when a row shows all that is wanted; what it does not show proves nothing. */
export function shows(item: LiveQueueItem, wanted: QueueItemState): boolean {
  return (
    difference(item, wanted) === undefined &&
    fields.every((field) => wanted[field] === undefined || item[field] !== undefined)
  );
}

/** Why an item is no longer the one that the plan saw. */
export function whyChanged(item: LiveQueueItem | undefined, planned: QueueItemState): string | undefined {
  if (item === undefined) return "the item is gone";
  if (item.status !== "New") return `status is ${item.status}`;
  if (!isUntouched(item)) return "it was attempted";
  const field = difference(item, known(planned, item));
  return field === undefined ? undefined : `${field} is another`;
}

/**
 * What can be compared: no file keeps a secret that the tenant had, so of a plan that comes from one the RowVersion, which
 * moves with every update, says that it is still there.
 */
function known(planned: QueueItemState, item: LiveQueueItem): QueueItemState {
  const { content } = planned;
  if (content === undefined || item.rowVersion !== planned.rowVersion) return planned;
  const seen = Object.entries(content).map(([name, value]): [string, Content[string]] => {
    const is = item.content?.[name];
    return [name, value instanceof SecretValue && value.written === "" && is !== undefined ? is : value];
  });
  return { ...planned, content: Object.fromEntries(seen) };
}
