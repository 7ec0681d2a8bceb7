import type { JsonPrimitive } from "../../core/json.ts";
import type { ItemComment, ItemEvent, ListedItem, ListedJob } from "../../core/listing.ts";

/** One member of a row: its name in JSON and CSV, and how a screen heads it. */
export interface Column<Row> {
  readonly name: string;
  readonly of: (row: Row) => JsonPrimitive;
  /** Left out: a screen has no room for it. */
  readonly title?: string;
  /** Values that say nothing where nobody has another one: the column is left out of a screen then. */
  readonly usual?: readonly JsonPrimitive[];
  /** True: a cut value is of no use. */
  readonly whole?: true;
  /** Columns with the highest number are the first to go where a screen is narrow. Left out: never. */
  readonly goes?: number;
  /** True: the column is of interest only where its values differ, such as the folder. */
  readonly differing?: true;
}

/** What a list is of. */
export interface ListKind<Row> {
  readonly format: string;
  /** Its member in JSON. */
  readonly member: string;
  readonly one: string;
  readonly many: string;
  readonly columns: readonly Column<Row>[];
}

export const itemList: ListKind<ListedItem> = {
  format: "orch-sync/items/v1",
  member: "items",
  one: "item",
  many: "items",
  columns: [
    { name: "folder", title: "folder", differing: true, of: ({ folder }) => folder },
    { name: "queue", title: "queue", differing: true, of: ({ queue }) => queue },
    { name: "id", title: "id", whole: true, of: ({ id }) => id },
    { name: "reference", title: "reference", of: ({ reference }) => reference },
    { name: "status", title: "status", whole: true, of: ({ status }) => status },
    { name: "reviewStatus", title: "review", whole: true, usual: ["None"], of: ({ reviewStatus }) => reviewStatus },
    { name: "reviewer", title: "reviewer", of: ({ reviewer }) => reviewer },
    { name: "priority", title: "priority", goes: 5, usual: ["Normal"], of: ({ priority }) => priority },
    { name: "robot", title: "robot", goes: 1, of: ({ robot }) => robot },
    { name: "retryNumber", title: "retry", goes: 4, usual: [0], of: ({ retryNumber }) => retryNumber },
    { name: "created", of: ({ created }) => created },
    { name: "deferDate", of: ({ deferDate }) => deferDate },
    { name: "dueDate", of: ({ dueDate }) => dueDate },
    { name: "started", of: ({ started }) => started },
    { name: "ended", title: "ended", whole: true, goes: 2, of: ({ ended }) => ended },
    { name: "exceptionType", of: ({ exceptionType }) => exceptionType },
    { name: "error", title: "error", of: ({ error }) => error },
  ],
};

export const jobList: ListKind<ListedJob> = {
  format: "orch-sync/jobs/v1",
  member: "jobs",
  one: "job",
  many: "jobs",
  columns: [
    { name: "folder", title: "folder", differing: true, of: ({ folder }) => folder },
    { name: "id", title: "id", whole: true, of: ({ id }) => id },
    { name: "key", of: ({ key }) => key },
    { name: "process", title: "process", of: ({ process }) => process },
    { name: "state", title: "state", whole: true, of: ({ state }) => state },
    { name: "reference", title: "reference", of: ({ reference }) => reference },
    { name: "robot", title: "robot", goes: 1, of: ({ robot }) => robot },
    { name: "environmentId", of: ({ environmentId }) => environmentId },
    { name: "created", of: ({ created }) => created },
    { name: "started", title: "started", whole: true, goes: 3, of: ({ started }) => started },
    { name: "ended", title: "ended", whole: true, goes: 2, of: ({ ended }) => ended },
    { name: "info", title: "info", of: ({ info }) => info },
  ],
};

export const eventList: ListKind<ItemEvent> = {
  format: "orch-sync/history/v1",
  member: "events",
  one: "event",
  many: "events",
  columns: [
    { name: "id", of: ({ id }) => id },
    { name: "at", title: "at", whole: true, of: ({ at }) => at },
    { name: "item", title: "item", of: ({ item }) => item },
    { name: "action", title: "action", of: ({ action }) => action },
    { name: "status", title: "status", whole: true, of: ({ status }) => status },
    { name: "reviewStatus", title: "review", whole: true, usual: ["None"], of: ({ reviewStatus }) => reviewStatus },
    { name: "reviewer", title: "reviewer", of: ({ reviewer }) => reviewer },
    { name: "user", title: "by", of: ({ user }) => user },
  ],
};

export const commentList: ListKind<ItemComment> = {
  format: "orch-sync/comments/v1",
  member: "comments",
  one: "comment",
  many: "comments",
  columns: [
    { name: "id", of: ({ id }) => id },
    { name: "at", title: "at", whole: true, of: ({ at }) => at },
    { name: "item", title: "item", of: ({ item }) => item },
    { name: "user", title: "by", of: ({ user }) => user },
    { name: "text", title: "text", of: ({ text }) => text },
  ],
};
