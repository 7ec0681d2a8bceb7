import type { CommitType, Content, Priority } from "./spec.ts";

/** What a create sends. Relative dates (`+2d`) stay as written: an apply counts them from the plan's creation. */
export type QueueItemDraft = {
  readonly reference: string;
  readonly priority: Priority;
  readonly deferDate?: string | null;
  readonly dueDate?: string | null;
  readonly riskSlaDate?: string | null;
  readonly content?: Content;
};

/** What an update or delete found: `id` and `rowVersion` say which row, the rest what a PUT replaces as a whole. */
export type QueueItemState = {
  readonly id: number;
  readonly reference: string;
  readonly priority?: Priority;
  readonly deferDate?: string | null;
  readonly dueDate?: string | null;
  readonly content?: Content;
  readonly progress?: string | null;
  readonly rowVersion: string;
};

/** `observed` of a planned `QueueItems` resource. */
export type QueueItemsObserved = {
  readonly watermark?: number;
};

/** `settings` of a planned `QueueItems` resource. */
export type QueueItemsSettings = {
  readonly queueId: number;
  readonly queueName: string;
  readonly unique: boolean;
  readonly commit: CommitType;
  readonly order: "manifest" | "any";
  readonly typeHints: boolean;
};
