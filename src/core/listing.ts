/** Rows of the tenant as lists show them. What the server left out is null; times are as it gives them. */

/** A queue item. Its content is no part of a list: it may hold what nobody may see. */
export interface ListedItem {
  readonly folder: string;
  readonly queue: string;
  readonly id: number;
  readonly reference: string | null;
  readonly status: string;
  readonly reviewStatus: string;
  readonly reviewer: string | null;
  readonly priority: string | null;
  readonly robot: string | null;
  readonly retryNumber: number | null;
  readonly created: string | null;
  readonly deferDate: string | null;
  readonly dueDate: string | null;
  readonly started: string | null;
  readonly ended: string | null;
  readonly exceptionType: string | null;
  readonly error: string | null;
}

/** A job. Its arguments are no part of a list. */
export interface ListedJob {
  readonly folder: string;
  readonly id: number;
  readonly key: string;
  readonly process: string;
  readonly state: string;
  readonly reference: string | null;
  readonly robot: string | null;
  readonly environmentId: number | null;
  readonly created: string | null;
  readonly started: string | null;
  readonly ended: string | null;
  readonly info: string | null;
}

/** Something that happened to a queue item. */
export interface ItemEvent {
  readonly id: number;
  /** The attempt that it is about: retries of an item are items of their own. */
  readonly item: number;
  readonly at: string;
  readonly action: string;
  readonly status: string | null;
  readonly reviewStatus: string | null;
  readonly reviewer: string | null;
  readonly user: string | null;
}

/** What somebody wrote about a queue item. */
export interface ItemComment {
  readonly id: number;
  /** The attempt that it hangs on. */
  readonly item: number;
  readonly at: string;
  readonly user: string | null;
  readonly text: string;
}

/** Rows with the newest first, and how many there are in all. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  /** Undefined where only reading them all would tell. */
  readonly total?: number;
  /** True when there are, or may be, more than these. */
  readonly more: boolean;
}
